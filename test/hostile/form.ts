// The forms that hostile inputs are sent to. `all` has one field of each type.
export const formText = `title: All types
path: /all-form/
fields:
  text: { type: text }
  multiline: { type: multiline, required: false }
  number: { type: number, required: false, min: -1000000 }
  integer: { type: integer, required: false }
  choice: { type: choice, options: [a, b], required: false }
  multi_choice: { type: multi-choice, options: [a, b], required: false }
  boolean: { type: boolean, required: false }
  date: { type: date, required: false, min: 2000-01-01 }
  email: { type: email, required: false }
  phone: { type: phone, region: IN, required: false }
  url: { type: url, required: false }
`

/** A form that another site may send. */
const friendsText = `title: Friends
origins: [https://friend.example]
fields:
  text: { type: text }
`

const protectedBy = (protect: string): string =>
  `title: Protected\nprotect: { ${protect} }\nfields: { text: { type: text } }\n`

export const formFiles = {
  'all.yaml': formText,
  'friends.yaml': friendsText,
  'closed.yaml': protectedBy('closes: 2020-01-01T00:00:00Z'),
  'early.yaml': protectedBy('opens: 2999-01-01T00:00:00Z'),
  'slow.yaml': protectedBy('minSeconds: 5'),
}
