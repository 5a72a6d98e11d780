import type { Words } from './words.ts'

export const hi: Words = {
  optional: 'वैकल्पिक',
  choose: 'एक चुनें',
  submit: 'जमा करें',
  wrongAnswers: 'कुछ उत्तर सही नहीं हैं। नीचे सुधारें, फिर दोबारा जमा करें।',
  required: 'कृपया इसका उत्तर दें',
  thanksTitle: 'धन्यवाद',
  thanks: 'आपके उत्तर मिल गए हैं।',
  notStored: 'आपके उत्तर अभी सहेजे नहीं जा सके। वे यहीं हैं: दोबारा जमा करें।',
  failed: 'यह नहीं हो सका',
}
