// The one place for words that are not flagged although a list has them, and the reasons.

// A form asks for names, places, courses and health, and a false flag on those costs more than a missed insult.
// Where some of these are slang together with other words, a phrase has them.
const wordsByReason = {
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
  // Words for groups of people. They are no insults, though used as such.
  identity: 'gay lesbian queer hijra kinnar transgender dalit shemale gaysex',
  // Anatomy, health and the form's own field for sex.
  medical: `anus breasts clit clitoris clits ejaculate ejaculated ejaculates ejaculating ejaculatings
    ejaculation labia masturbate masturbation masturbated masturbates masturbating orgasm orgasms
    orgasim orgasims orgasmed penis pornography rectum rectums scrotum scrotums semen sex sexing sexed testical testicle
    testicles vagina vaginas vulva vulvas`,
}
const words = (text: string) => text.split(/\s+/).filter(Boolean)

export const ordinaryWords = new Set(Object.values(wordsByReason).flatMap(words))

// Ordinary with any ending. `chutti`, written with one or two h, is a holiday; its plural resembles an insult.
const ordinaryStems = /^chh?utt[iy]/

export const isOrdinary = (word: string) => ordinaryWords.has(word) || ordinaryStems.test(word)

// Ordinary words that are slang beside a word of Hindi grammar, unless they are written as a name.
export const obsceneInHindi = new Set(words('lund lauda laude loda lode bkl mkc gashti rundi'))

// Ordinary words that are slang if their letters are set apart or replaced by signs: nobody writes a name `d!ck`.
export const slangIfDisguised = new Set([...obsceneInHindi, 'dick', 'cock'])

// Grammar words occur in sentences and not in names.
export const hindiGrammarWords = new Set(
  words(`ka ki ke ko hai hain he ho hu hun tha thi the pe par me mein main se le lele ye yeh vo voh wo is isko
    isne us usko tu tum tera teri tere tujhe tumhara aap mera meri mere mujhe kya kyu kyun kyon kuch kuchh bhi hi
    nahi nahin ni na mat aur sala saala sale saale sali saali abe abey oye re bhai yaar wala vala wale vale jaisa`),
)
export const englishGrammarWords = new Set(
  words(`a an the this that these those is am are was were be you u your ur i my me he his him she her it its we
    our they their of in on at to for from with and or not no so such very what who why how stupid fucking bloody
    damn big old dirty`),
)

// Slang that is also a name: not flagged if written as a name (word-context.ts).
export const slangNames = new Set(
  words(`randi chutia punda pencho jhantu tharki kamina kamine chut lavda lavde lavdi lodu chinal kunt fuk phuk
    bhadva bhadve`),
)

// Slang that is ordinary in these pairs.
export const ordinaryPairs = new Set([
  ...['ass prof', 'ass professor', 'ass registrar', 'wild ass', 'wild asses', 'ass sanctuary'],
  ...['pussy cat', 'pussy cats', 'pussy willow', 'pussy riot', 'fag end', 'fag packet'],
  ...['fag bearings', 'blue tits', 'great tits', 'coal tits', 'gan du', 'harami nala'],
])
