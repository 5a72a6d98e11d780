// Additions to the English list of @2toad/profanity: common spellings and phrases that it lacks.
// Remove a word here when the package gains it.

export const englishWords = `
  arsehole arseholes azzhole badass beeyotch bollocks bollock dipshit douchebag dumbass dumbfuck
  fck fcking fkn fuxk fvck fuc fucc fuq gtfo horseshit jackass jackasses jerkoff jerkoffs kunt kunts
  milf motherfckr phuck phucker pornhub pissoff sheeit shithole shyt shittiest 
  smartass sonofabitch stfu titties tranny wanking whorehouse wtf wthf biotch bitchass cockhead
  dickwad dickface fuktard fucktard asshat asswipe asslicker buttfuck bullshitter bullshitting
  cuntface shitstorm shitbag shitface knobhead
`

// Phrases with words that are names or ordinary by themselves.
export const englishPhrases = `
  a dick|my dick|your dick|ur dick|his dick|big dick|small dick|suck dick|such dick|dick pic|dick pics
  dick head|my dik|eat dick|sucking dick|you dick|my cock|your cock|ur cock|big cock|suck cock|cock sucker
  sucking cock|you prick|such prick|stupid prick|a pecker|my pecker|bloody hell
  bloody fool|bloody idiot|bloody bastard|bloody bitch|blow job|blow jobs|jerk off|jack off
  son of a bitch|sons of bitches|piece of ass|kiss my arse|such a dick|such a prick|screw you
  sh it|bit ch|bi tch|cu nt|fudge packer|mutha fucka|motha fucker|mother fucker|mother fuckers|mother fucking|carpet muncher|god damn|wet pussy
  nice tits|your tits|her tits|big tits|my tits|show tits|nice boobs|you homo|you fag|you retard|you retards|a retard|is retarded|are retarded|so retarded|retarded idiot
`
