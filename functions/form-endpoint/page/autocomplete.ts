// What browsers may fill in: the tokens of `autocomplete` for usual names of fields.
// https://html.spec.whatwg.org/#autofill-field

const tokens = new Map([
  ...tokensFor('name', ['name', 'fullname', 'yourname']),
  ...tokensFor('given-name', ['firstname', 'givenname', 'forename']),
  ...tokensFor('family-name', ['lastname', 'familyname', 'surname']),
  ...tokensFor('organization', ['organization', 'organisation', 'company', 'employer']),
  ...tokensFor('organization-title', ['jobtitle']),
  ...tokensFor('email', ['email', 'mail']),
  ...tokensFor('tel', ['tel', 'phone', 'mobile', 'telephone']),
  ...tokensFor('url', ['website', 'homepage']),
  ...tokensFor('address-level2', ['city', 'town']),
  ...tokensFor('postal-code', ['zip', 'zipcode', 'postcode', 'postalcode', 'pincode']),
  ...tokensFor('country-name', ['country', 'countryname']),
  ...tokensFor('bday', ['birthday', 'birthdate', 'dateofbirth', 'dob']),
  ...tokensFor('username', ['username']),
  // Neither filled in nor kept as a draft.
  ...tokensFor('off', ['password', 'passcode', 'pin', 'otp', 'secret', 'token', 'cvv', 'cvc']),
  ...tokensFor('off', ['cardnumber', 'creditcard', 'iban', 'ssn']),
])

function tokensFor(token: string, names: string[]): [name: string, token: string][] {
  return names.map((name) => [name, token])
}

/** For a field of one line. Undefined: the browser decides. */
export const autocompleteOf = (name: string): string | undefined =>
  tokens.get(name.toLowerCase().replaceAll('_', ''))
