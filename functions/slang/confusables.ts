// Characters that look like a Latin letter and that NFKD does not decompose to it.

// Pairs of a look-alike and the letter that it stands for.
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

/** The letter of a negative circled or squared letter, which NFKD does not decompose. */
export function enclosed(codePoint: number): string | undefined {
  for (const first of [0x1f150, 0x1f170]) {
    if (codePoint >= first && codePoint < first + 26) {
      return String.fromCharCode(97 + codePoint - first)
    }
  }
  return undefined
}
