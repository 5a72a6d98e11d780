import type { Reason } from '../../protect/reason.ts'

/** The product's own words on pages, in one language. The texts of a form come from its file. */
export interface Words {
  /** Beside the label of a field that may be left empty. */
  optional: string
  /** Explains the star beside the other labels. */
  star: string
  /** First option of a select, which stands for no answer. */
  choose: string
  yes: string
  no: string
  submit: string
  /** Heading above the form after a submission that does not fit. */
  wrongAnswers: string
  /** Beside a field that must be answered. */
  required: string
  /** What fits, by field type. A type that is missing has the text that JSON clients get, in English. */
  expected: Record<string, (options: FieldOptions) => string>
  thanksTitle: string
  thanks: string
  /** Link to the page on which people follow their submission. */
  receipt: string
  /** Above the form after a submission that could not be stored. */
  notStored: string
  /** Above the form after too many submissions. */
  tooMany: string
  /** Heading of a page for a request that failed. */
  failed: string
  /** For an address that leads to no form and no receipt. */
  missing: string
  /** Label of a field that people do not see; browsers without styles show it. */
  leaveEmpty: string
  /** Above a form that takes no submission, or did not take this one. Those of `not-open` and `closed` end with a time. */
  refusals: Record<Exclude<Reason, 'too-many'>, string>
  /** What to do then, if the request was a submission. */
  goBack: string
  /** Heading of the list of forms. */
  forms: string
  /** Said by the script, below the button. */
  sending: string
  noConnection: string
  busy: string
  draft: string
}

/** Options of fields that messages name, whatever the type. */
export interface FieldOptions {
  min?: number | string
  max?: number | string
  pattern?: string
  mustBe?: boolean
}

/** Texts of the script, which the page carries. */
export interface ScriptWords
  extends Pick<
    Words,
    | 'wrongAnswers'
    | 'required'
    | 'notStored'
    | 'tooMany'
    | 'failed'
    | 'sending'
    | 'noConnection'
    | 'busy'
    | 'draft'
  > {
  /** For a protected form, by `reason` of the problem. */
  refusals: Partial<Record<string, string>>
}
