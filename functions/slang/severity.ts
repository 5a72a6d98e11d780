// How severe a term is. docs/slang.md explains the levels.

const words = (text: string) => text.split(/\s+/).filter(Boolean)

const mildWords = new Set(
  words(`arse arses ass asses badass badasses bollock bollocks boob boobs booobs boooobs booooobs
    booooooobs bugger buggered buggers butthole crap crappy crapped damn damned damning fatass feck fecker
    goddamn goddamned headass horniest horny jackass milf piss pissed pisser pissers pisses pissing pissoff
    porn porno pornos smartass tits titties tosser turd turds wtf
    harami haramipan kamina kamine kaminey kaminapan tharki bakchod bakchodi
    हरामी कमीना कमीने कमीनी कमीनापन ठरकी बकचोदी`),
)
/** How mild phrases begin. */
const mildPhrase =
  /^(?:bloody|god|screw|kutte|su|soo?ar|suar|ullu|sala|sale|saala|saale|stupid|tatti|abe|टट्टी|कुत्ते|सु|सू|उल्लू)/

// How terms begin that are slurs on a people, or abuse somebody's mother, sister or daughter.
const severeBeginnings = [
  ...words(`nigg fagg cunt kunt mother motha mutha muther mutherf bhen behen bahen bahan behan behn bhan
    bhain bhayn banchod benchod bhn bencho pencho penchod madar mader madr machod maachod
    mdrchd betichod bhaichod tmk khanki bokachoda`),
  ...['maa ', 'ma ', 'mc '],
  ...words('मादर मदर बहन बहेन बहिन भेन भैन भैं बेटी'),
  ...['मां '],
]

export type Severity = 'mild' | 'strong' | 'severe'

export function severityOf(term: string): Severity {
  if (mildWords.has(term) || (term.includes(' ') && mildPhrase.test(term))) return 'mild'
  return severeBeginnings.some((start) => term.startsWith(start)) ? 'severe' : 'strong'
}
