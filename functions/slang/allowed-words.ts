// The one place that says which listed words are not flagged, and why; and how severe the others are.

// Listed by a package, but ordinary: a form asks for names, places, courses and health, and a false flag on
// those costs more than a missed insult. Some are slang in company: then a phrase has them.
const ordinaryWords = {
  names: `anal cipa cnut cock cocks cok coon coons cox cum cumming cums cummer dick dicks dik duche dyke
    dykes fanny fannies fook gaylord hoar hoare hoer hore jap japs kock kum kumming kummer kums lund lauda laude
    nob nobs pecker peckers phuc prick pron pusse pussi spac wang willies willy titt titty twatt muff kawk cawk
    kondum butt butts jackoff fagin titan titans dickens fuker cocker cocking cockers wanger dong
    loda sala sali saala saali sale kamini padma dalal hooda chuda choda chodi lode fooker fux bkl mkc`,
  everyday: `balls bestial bloody bum bums bumming dink dinks dinky doggin dogging flange goatse hoes
    hoe lust lusts lusting lusted masochist nazi nazis pawn pawns pawned pawner pawning poop pooping poops
    pricks pricked pricking pricker retard rimming rimmer sadist screwing shag shags shagged shaggy
    smut snatch snatches snatched snatcher snatching spunk spunky teets teez tit chink chinks chinking
    homo homos feck butter butters buttered butting butted bumper masochists sadists flanged flanges
    screwings cookie cook cooks cooker cooked cooking fagot fagots viagra cyalis hores pawnin crape muffin muffs
    cockin lustin lusty lusters luster fuzes w00se woose dirsa shiite shiites kutta kutte kutti
    kutiya haram chakka chakke suar ullu gadha chod rand chudi chudail mc bc assess chhut chhoot
    tatti gand sob rundi
    bestiality beastiality beastial booby damning slag jhat gashti saale chodne bharva boner boners
    retards retarded retarding craps`,
  // What somebody is, not an insult.
  identity: 'gay lesbian queer hijra kinnar transgender dalit shemale gaysex',
  // Anatomy, health and the form's own field for sex.
  medical: `anus breasts clit clitoris clits ejaculate ejaculated ejaculates ejaculating ejaculatings
    ejaculation labia masturbate masturbation masturbated masturbates masturbating orgasm orgasms
    orgasim orgasims orgasmed penis pornography rectum rectums scrotum scrotums semen sex sexing sexed testical testicle
    testicles vagina vaginas vulva vulvas`,
}
const words = (text: string) => text.split(/\s+/).filter(Boolean)

export const ordinary = new Set(Object.values(ordinaryWords).flatMap(words))

// Ordinary however they go on. `chutti`, written with one or two h, is a holiday; its plural resembles an insult.
const ordinaryStems = /^chh?utt[iy]/

export const isOrdinary = (word: string) => ordinary.has(word) || ordinaryStems.test(word)

// Ordinary words that are slang where the words beside them are Hindi and they are not written as a name.
export const obsceneInHindi = new Set(words('lund lauda laude loda lode bkl mkc gashti rundi'))

// Ordinary words that are slang where their letters stand apart or are signs: nobody writes a name `d!ck`.
export const hidden = new Set([...obsceneInHindi, 'dick', 'cock'])

// Words that a sentence has and a name does not.
export const hindiGrammar = new Set(
  words(`ka ki ke ko hai hain he ho hu hun tha thi the pe par me mein main se le lele ye yeh vo voh wo is isko
    isne us usko tu tum tera teri tere tujhe tumhara aap mera meri mere mujhe kya kyu kyun kyon kuch kuchh bhi hi
    nahi nahin ni na mat aur sala saala sale saale sali saali abe abey oye re bhai yaar wala vala wale vale jaisa`),
)
export const englishGrammar = new Set(
  words(`a an the this that these those is am are was were be you u your ur i my me he his him she her it its we
    our they their of in on at to for from with and or not no so such very what who why how stupid fucking bloody
    damn big old dirty`),
)

// Slang and also names: not flagged where written as a name (names.ts).
export const names = new Set(
  words(`randi chutia punda pencho jhantu tharki kamina kamine chut lavda lavde lavdi lodu chinal kunt fuk phuk
    bhadva bhadve`),
)

// Flagged words that are ordinary in this company.
export const ordinaryPairs = new Set([
  ...['ass prof', 'ass professor', 'ass registrar', 'wild ass', 'wild asses', 'ass sanctuary'],
  ...['pussy cat', 'pussy cats', 'pussy willow', 'pussy riot', 'fag end', 'fag packet'],
  ...['fag bearings', 'blue tits', 'great tits', 'coal tits', 'gan du', 'harami nala'],
])

const mild = new Set(
  words(`arse arses ass asses badass badasses bollock bollocks boob boobs booobs boooobs booooobs
    booooooobs bugger buggered buggers butthole crap crappy crapped damn damned damning fatass feck fecker
    goddamn goddamned headass horniest horny jackass milf piss pissed pisser pissers pisses pissing pissoff
    porn porno pornos smartass tits titties tosser turd turds wtf
    harami haramipan kamina kamine kaminey kaminapan tharki bakchod bakchodi
    हरामी कमीना कमीने कमीनी कमीनापन ठरकी बकचोदी`),
)
const mildPhrase =
  /^(?:bloody|god|screw|kutte|su|soo?ar|suar|ullu|sala|sale|saala|saale|stupid|tatti|abe|टट्टी|कुत्ते|सु|सू|उल्लू)/

// Slurs on a people, and the abuse of somebody's mother, sister or daughter: by how the term begins.
const severe = [
  ...words(`nigg fagg cunt kunt mother motha mutha muther mutherf bhen behen bahen bahan behan behn bhan
    bhain bhayn banchod benchod bhn bencho pencho penchod madar mader madr machod maachod
    mdrchd betichod bhaichod tmk khanki bokachoda`),
  ...['maa ', 'ma ', 'mc '],
  ...words('मादर मदर बहन बहेन बहिन भेन भैन भैं बेटी'),
  ...['मां '],
]

export type Severity = 'mild' | 'strong' | 'severe'

export function severityOf(term: string): Severity {
  if (mild.has(term) || (term.includes(' ') && mildPhrase.test(term))) return 'mild'
  return severe.some((start) => term.startsWith(start)) ? 'severe' : 'strong'
}
