import type { FieldOptions, Words } from './words.ts'

export const hi: Words = {
  optional: 'वैकल्पिक',
  star: 'तारे (*) वाले प्रश्नों का उत्तर ज़रूरी है।',
  choose: 'एक चुनें',
  yes: 'हाँ',
  no: 'नहीं',
  submit: 'जमा करें',
  wrongAnswers: 'कुछ उत्तर सही नहीं हैं। उन्हें सुधारें, फिर दोबारा जमा करें।',
  required: 'कृपया इसका उत्तर दें',
  expected: {
    text: (options) => `${lengthOf(options)}${options.pattern ? ', सही रूप में' : ''}`,
    multiline: lengthOf,
    number: (options) => `${rangeOf(options)} संख्या लिखें`,
    integer: (options) => `${rangeOf(options)} पूर्ण संख्या लिखें`,
    choice: () => 'सूची में से एक चुनें',
    'multi-choice': () => 'सूची में से चुनें',
    boolean: ({ mustBe }) => (mustBe ? 'इस खाने पर निशान लगाएँ' : 'हाँ या नहीं चुनें'),
    date: (options) => `${rangeOf(options)} तारीख चुनें`,
    email: () => 'ई-मेल पता लिखें, जैसे name@example.com',
    phone: () => 'फ़ोन नंबर लिखें; दूसरे देश का हो तो + और देश कोड के साथ',
    url: () => 'http:// या https:// से शुरू होने वाला वेब पता लिखें',
  },
  thanksTitle: 'धन्यवाद',
  thanks: 'आपके उत्तर मिल गए हैं।',
  receipt: 'देखें कि आपके उत्तरों का क्या हुआ',
  notStored: 'आपके उत्तर अभी सहेजे नहीं जा सके। वे यहीं हैं: दोबारा जमा करें।',
  tooMany: 'बहुत अधिक उत्तर भेजे गए। आपके उत्तर यहीं हैं: कुछ देर बाद दोबारा जमा करें।',
  failed: 'यह नहीं हो सका',
  missing: 'इस पते पर कोई पृष्ठ नहीं है। पता जाँचें, या जिसने दिया है उससे पूछें।',
  leaveEmpty: 'इस खाने को खाली छोड़ें',
  refusals: {
    'not-open': 'यह फ़ॉर्म अभी खुला नहीं है। यह खुलेगा',
    closed: 'यह फ़ॉर्म बंद है। यह खुला था',
    full: 'यह फ़ॉर्म अब और उत्तर नहीं लेता।',
    captcha: 'कृपया कैप्चा हल करें, फिर दोबारा जमा करें।',
    'captcha-unreachable': 'कैप्चा की जाँच अभी नहीं हो सकती। आपके उत्तर यहीं हैं: दोबारा जमा करें।',
    stamp: 'यह पृष्ठ बहुत पुराना था। आपके उत्तर यहीं हैं: देख लें, फिर दोबारा जमा करें।',
    key: 'यह फ़ॉर्म केवल वही प्रोग्राम भेज सकता है जिसके पास कुंजी है।',
  },
  goBack: 'आपके उत्तर अब भी फ़ॉर्म में हैं: ब्राउज़र से वापस जाएँ।',
  forms: 'फ़ॉर्म',
  sending: 'भेजा जा रहा है…',
  noConnection: 'कनेक्शन नहीं है। फिर कोशिश हो रही है…',
  busy: 'इसमें अधिक समय लग रहा है। फिर कोशिश हो रही है…',
  draft: 'ये आपके पहले के उत्तर हैं। जमा करने तक वे इसी ब्राउज़र में रहते हैं।',
}

function lengthOf({ min, max }: FieldOptions): string {
  return Number(min) > 0 ? `${min} से ${max} अक्षर लिखें` : `अधिकतम ${max} अक्षर लिखें`
}

/** Numbers without limits have those that JavaScript keeps exactly. */
function rangeOf({ min, max }: FieldOptions): string {
  const lowest = min === Number.MIN_SAFE_INTEGER ? undefined : min
  const highest = max === Number.MAX_SAFE_INTEGER ? undefined : max
  if (lowest !== undefined && highest !== undefined) return `${lowest} से ${highest} तक की`
  if (lowest !== undefined) return `${lowest} या उसके बाद की`
  return highest === undefined ? 'एक' : `${highest} या उससे पहले की`
}
