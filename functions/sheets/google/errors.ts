// Why rows wait until a person repairs something.

/** This spreadsheet is finally refused: its rows wait, others go on. */
export class Blocked extends Error {
  override name = 'Blocked'
}

/** Google does not accept who we are: nothing can be written. */
export class BadCredentials extends Error {
  override name = 'BadCredentials'
}
