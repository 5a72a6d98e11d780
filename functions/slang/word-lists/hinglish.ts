// Hindi slang, romanised and in Devanagari. This is our own list: the Hindi list of @2toad/profanity is a machine
// translation of its English one (it has the words for mother, son, temple and deity), and other packages mix
// slang with everyday words (shoe, fool, donkey).

// `oo` equals `u`, `ee` equals `i`, `w` equals `v`, `z` equals `j`, and letters may repeat.
export const hinglishWords = `
  bhenchod bhenchoda bhenchodo bhenchodd behenchod behenchodo bahenchod bahanchod behanchod behnchod
  bhanchod bhainchod bhaynchod banchod benchod bhencod bhenchot bhenchd bhnchd bhencho bencho pencho
  penchod bhenkelode bhenkelaude bhenkelavde bhenkalund
  madarchod madarchodo madarchodon maderchod madrchod madarchot madarchud mdrchod mdrchd motherchod
  maachod machod madarjat madarjaat madarjad betichod bhaichod
  chutiya chutiye chutiyo chutiyon chutiyapa chutiyap chutiyapanti chutia chutie chutya chutye chutyapa
  chutiyagiri chut chutad chutar chutmarike chutmarani chutmar chutiyanandan
  gandu gandugiri gaand gandmara gandmarao gandmasti gandfat gandfaad gandphat gandmari
  bhosdike bhosadike bhosdika bhosdiki bhosdi bhosadi bhosda bhosada bhosdiwala bhosdiwale bhosadiwale
  bhosdivali bhosrike bhosdk bosdike bosadike bhosdpappu bsdk bsdke tmkc tmkb bklol
  harami haramio haramipan haramipana haramjada haramjade haramjadi haramkhor
  randi randiyan randio randikhana randibaj randibaji raand randva randve randua randipana
  lodu lavda lavde lavdi lavdu laudu landfakir lundfakir lundtopi lundure laudelag
  jhantu jhatu jhant jhaant jhaat jhanton jhantburi
  kamine kaminey kamina kaminapan kuttiya kutiye
  bhadva bhadve bhadvagiri chinal chhinal chinaal
  chodu chodumal choduram chudai chudva chudvana chudvaya chudakkad chodunga
  bakchod bakchodi bakchodiya bakchodu tharki
  bokachoda khanki khankir khankirpola punda pundai thevidiya thevdiya thevadiya
  sulemaga bolimaga
`

export const hinglishPhrases = `
  maa ki chut|ma ki chut|maa ki choot|behen ki chut|bhen ki chut|bahan ki chut
  maa chuda|ma chuda|maa chudao|maa chod|ma chod|maa ka bhosda|maa ke laude|maa ke lavde
  maa ke lode|bhen ke laude|behen ke laude|behen ke lode|bhen ke lode|bhen ke lavde|bhen ke takke
  bhen di lun|bhen chod|behen chod|bahan chod|behn chod|madar chod|mader chod|bhosdi ke|bhosdi vale
  mera lund|mere lund|tera lund|lund choos|lund chus|lund chuso|lund chuse|lund le|lund lele|lund pe|lund pakad
  lund khajoor|lund fakir|mera lauda|mere laude|lauda lasun|lauda lasan|lauda le|lauda lele|laude lag|nikal laude
  mera loda|loda le|loda lele|tera lauda|laude ka|abe laude|gaand mara|gand mara|gand maar
  gand me|gand mein|gand marwa|teri gand|meri gand|tatti kha|tatti khao|tatti khale
  kutte kamine|kutte ki aulad|sala kutta|abe saale|abe sale|saale harami|saala kutta|saale kutte|sale kutte|sali kutiya|saali kutiya|sali kutti|saali kutti|kutti kamini|sala kamina
  suar ki aulad|suvar ki aulad|sooar ki aulad|suar ke bache|suar ke bacche|suvar ke bache|sooar ke bacche
  suar ka bacha|ullu ka pattha|ullu ka patha|ullu ke pathe|ullu ke patthe|ullu ke pathhe|ullu ki patthi
  sale hijde|saale hijde|hijde saale|hijde ki aulad|chakke saale|sale chakke|mc bc
  haram ki aulad|haram ka pilla|randi ki aulad|randi ka bacha|sule maga|bhosdi vala
`

export const hindiWords = `
  चूतिया चूतिये चूतिए चूतियों चूतियापा चूतियापंती चुतिया चुतिये चूत चूतड़ चुत मादरचोद मादरचोदों मदरचोद मादरजात
  बहनचोद बहेनचोद बहिनचोद भेनचोद भैनचोद भैंचोद बेटीचोद भोसड़ी भोसड़ीके भोसडीके भोसड़ीवाले भोसड़ीवाला भोसड़ा
  भोसड़े गांडू गांडु गाण्डू गांड गाण्ड गांडफट रंडी रण्डी रंडियां रंडीबाज़ रंडीखाना रांड राण्ड हरामी हरामियों
  हरामज़ादा हरामज़ादे हरामज़ादी हरामखोर हरामीपन लौड़ा लौड़े लौडू लोड़ू लंड लण्ड लवड़ा लवड़े झांट झाट झांटू झाटू झांटे
  भड़वा भड़वे भड़ुआ कमीना कमीने कमीनी कमीनापन कुतिया छिनाल चुदाई चुदवा चुदक्कड़ चोदू चोदना चोदूंगा
  बकचोद बकचोदी ठरकी फकिंग मदरफकर शिट बास्टर्ड ऐसहोल
`

export const hindiPhrases = `
  मां की चूत|बहन चोद|भेन चोद|बहन की चूत|मादर चोद|भोसड़ी के|भोसड़ी वाले|कुत्ते कमीने|कुत्ते की औलाद
  सुअर की औलाद|सूअर की औलाद|सुअर के बच्चे|उल्लू का पट्ठा|उल्लू के पट्ठे|उल्लू की पट्ठी|हराम की औलाद
  साले कुत्ते|साला कुत्ता|मां चुदा|बहन के लौड़े|बहन के लोड़े|फक यू|टट्टी खा
`
