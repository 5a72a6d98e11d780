import { expect, test } from '@jest/globals'
import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { mobileNumberOf } from './mobile-number.ts'

/** Numbers near the example: other digits, one more, one less. */
function* numbersNear(example: string): Generator<string> {
  yield example
  for (let place = 0; place < example.length; place++) {
    for (const digit of '0123456789') {
      const other = example.slice(0, place) + digit + example.slice(place + 1)
      yield* [other, other.slice(1), other.slice(0, -1), digit + other]
    }
  }
}

const mobileTypes = ['MOBILE', 'FIXED_LINE_OR_MOBILE']

test.each(getCountries().map((region) => [region]))(
  'numbers of %s are recognised only if libphonenumber takes them for the same mobile number',
  (region) => {
    const parse = (text: string) =>
      parsePhoneNumberFromString(text, { defaultCountry: region, extract: false })
    const numberOf = mobileNumberOf(region)
    const code = parse(examples[region])?.countryCallingCode
    for (const number of numbersNear(examples[region])) {
      for (const text of [number, `+${code}${number}`, `${code}${number}`, `0${number}`]) {
        const recognised = numberOf(text)
        if (recognised === undefined) continue
        const phone = parse(text)
        const type = phone?.getType() ?? ''
        expect([text, phone?.number, mobileTypes.includes(type)]).toEqual([text, recognised, true])
      }
    }
  },
)

test('most numbers of a region with its own country code are recognised in both notations', () => {
  const numberOf = mobileNumberOf('IN')
  for (const text of ['7004465984', '+917004465984']) expect(numberOf(text)).toBe('+917004465984')
  for (const text of ['07004465984', '70044 65984', '+4915123456789', '12345678', '', '+91']) {
    expect(numberOf(text)).toBeUndefined()
  }
})
