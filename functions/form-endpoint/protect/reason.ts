/** Why a protected form takes no submission: for programs, and for the words of the page. */
export type Reason =
  | 'not-open'
  | 'closed'
  | 'full'
  | 'too-many'
  | 'captcha'
  | 'captcha-unreachable'
  | 'stamp'
  | 'key'
