/** The product's own words on pages, in one language. The texts of a form come from its file. */
export interface Words {
  /** Beside the label of a field that may be left empty. */
  optional: string
  /** First option of a select, which stands for no answer. */
  choose: string
  submit: string
  /** Heading above the form after a submission that does not fit. */
  wrongAnswers: string
  /** Beside a field that must be answered. */
  required: string
  thanksTitle: string
  thanks: string
  /** Above the form after a submission that could not be stored. */
  notStored: string
  /** Heading of a page for a request that failed. */
  failed: string
}
