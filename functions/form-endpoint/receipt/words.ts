// The words of receipts. Those of a task say what it did, for a person who knows the form and not the product.

import type { Mail } from '#kit/status/port.ts'

export interface ReceiptWords {
  title: string
  received: string
  answers: string
  yes: string
  no: string
  /** Above the steps. */
  status: Record<'received' | 'processing' | 'done' | 'refused' | 'failed', string>
  /** Heading of a step, by task. */
  tasks: Record<string, string>
  /** What became of the mail to the person. `owners`: there is none, only one to the people who run the form. */
  mail: Record<Mail | 'owners', string>
  /** Completes the text of an effect that may have happened more than once. */
  again: string
  /** What a task did. In `recorded`, {row} and {tab} are replaced; `rejected` is a failure that no retry can mend. */
  states: Record<
    | 'waiting'
    | 'validated'
    | 'refused'
    | 'recorded'
    | 'analyzed'
    | 'forwarded'
    | 'failed'
    | 'rejected',
    string
  >
}

export const en: ReceiptWords = {
  title: 'Your submission',
  received: 'Received',
  answers: 'Your answers',
  yes: 'Yes',
  no: 'No',
  status: {
    received: 'It has been received.',
    processing: 'It is being processed. This page updates itself.',
    done: 'Everything is done.',
    refused: 'It was refused.',
    failed:
      'A step did not succeed. The people who run this form can repeat it; you need not submit again.',
  },
  tasks: {
    validation: 'Checked',
    sheets: 'Written to the sheet',
    slang: 'Texts looked through',
    confirmation: 'E-mail',
    webhook: 'Forwarded',
  },
  mail: {
    sent: 'sent to you',
    'no-address': 'not sent: no address was given',
    bounced: 'not delivered: the mail server refuses the address',
    limited: 'not sent: the address got too many e-mails within an hour',
    unknown: 'perhaps sent to you: the mail server did not answer',
    owners: 'sent to the people who run this form',
  },
  again: 'perhaps more than once',
  states: {
    waiting: 'waiting',
    validated: 'the answers fit the form',
    refused: 'the answers do not fit the form',
    recorded: 'row {row} of {tab}',
    analyzed: 'done',
    forwarded: 'done',
    failed: 'not done: a service did not answer in time',
    rejected: 'not done: it could not be done with this submission',
  },
}

export const hi: ReceiptWords = {
  title: 'आपका फ़ॉर्म',
  received: 'प्राप्त हुआ',
  answers: 'आपके उत्तर',
  yes: 'हाँ',
  no: 'नहीं',
  status: {
    received: 'यह मिल गया है।',
    processing: 'काम चल रहा है। यह पृष्ठ अपने आप बदलता है।',
    done: 'सब पूरा हो गया।',
    refused: 'इसे स्वीकार नहीं किया गया।',
    failed: 'एक चरण पूरा नहीं हुआ। फ़ॉर्म चलाने वाले उसे दोहरा सकते हैं; आपको दोबारा जमा नहीं करना है।',
  },
  tasks: {
    validation: 'जाँच',
    sheets: 'शीट में लिखा गया',
    slang: 'लेख देखे गए',
    confirmation: 'ई-मेल',
    webhook: 'आगे भेजा गया',
  },
  mail: {
    sent: 'आपको भेजा गया',
    'no-address': 'नहीं भेजा गया: कोई पता नहीं दिया गया',
    bounced: 'नहीं पहुँचा: मेल सर्वर इस पते को स्वीकार नहीं करता',
    limited: 'नहीं भेजा गया: इस पते पर एक घंटे में बहुत से ई-मेल भेजे जा चुके हैं',
    unknown: 'शायद आपको भेजा गया: मेल सर्वर ने उत्तर नहीं दिया',
    owners: 'फ़ॉर्म चलाने वालों को भेजा गया',
  },
  again: 'शायद एक से अधिक बार',
  states: {
    waiting: 'बाकी है',
    validated: 'उत्तर फ़ॉर्म के अनुसार हैं',
    refused: 'उत्तर फ़ॉर्म के अनुसार नहीं हैं',
    recorded: '{tab} की पंक्ति {row}',
    analyzed: 'पूरा',
    forwarded: 'पूरा',
    failed: 'नहीं हुआ: एक सेवा ने समय पर उत्तर नहीं दिया',
    rejected: 'नहीं हुआ: इस फ़ॉर्म के साथ यह संभव नहीं था',
  },
}

const known: Record<string, ReceiptWords> = { en, hi }

/** English for a language that the product does not have. */
export const receiptWords = (language: string): ReceiptWords =>
  known[language.split('-')[0] as string] ?? en
