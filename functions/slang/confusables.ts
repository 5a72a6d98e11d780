// Characters that look like a Latin letter but are not decomposed to it by Unicode's NFKD.

// Pairs: the look-alike, then the letter it stands for.
const pairs = [
  'аaеeоoрpсcуyхxіiѕsјjԁdһhкkмmтtнhвbԛqԝwүyɡgɑa', // Cyrillic and IPA
  'αaεeιiκkοoρpυuνvτtχxμuβbωwηnγyσs', // Greek
  'ƒføođdłlıiħhŧtþpðdßsæaœoʀrᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpꜱsᴛtᴜuᴠvᴡwʏyᴢz', // Latin
  '©c®r€e£l¥y¢c¡i∂dʃs', // signs
]

export const confusables = new Map<string, string>(
  pairs.flatMap((row) => {
    const chars = [...row]
    return chars.flatMap((char, i): [string, string][] => (i % 2 ? [] : [[char, chars[i + 1]!]]))
  }),
)

/** Negative circled and squared letters, which NFKD leaves alone. */
export function enclosed(codePoint: number): string | undefined {
  for (const first of [0x1f150, 0x1f170]) {
    if (codePoint >= first && codePoint < first + 26) {
      return String.fromCharCode(97 + codePoint - first)
    }
  }
  return undefined
}
