// Recognises mobile numbers of a region in the two usual notations: the digits alone, and + with the country code. libphonenumber
// compiles several patterns of some kilobytes for each number that it parses; here they are compiled once.
import { type CountryCode, Metadata } from 'libphonenumber-js/max'

/** What the library knows of a region. Its types leave these members out. */
interface NumberingPlan {
  callingCode(): string
  IDDPrefix(): string
  nationalPrefixForParsing(): string | undefined
  nationalNumberPattern(): string
  type(name: 'MOBILE'): NumberType | undefined
}

interface NumberType {
  pattern(): string
  possibleLengths(): number[] | undefined
}

/**
 * Returns a function from a text to its E.164 number, if the library takes the text for a mobile number of `region`. Undefined tells
 * nothing: the text may be a number in another notation, with a prefix, or of another region.
 */
export function mobileNumberOf(region: CountryCode): (text: string) => string | undefined {
  const metadata = new Metadata() as Metadata & {
    numberingPlan: NumberingPlan
    getCountryCodesForCallingCode(code: string): string[]
  }
  metadata.selectNumberingPlan(region)
  const { numberingPlan: plan } = metadata
  const code = plan.callingCode()
  const type = plan.type('MOBILE')
  // Some countries share a code. Then further digits tell the country.
  const isShared = metadata.getCountryCodesForCallingCode(code).length > 1
  if (!type?.pattern() || isShared) return () => undefined

  const isNational = whole(plan.nationalNumberPattern())
  const isMobile = whole(type.pattern())
  const lengths = type.possibleLengths()
  const prefixes = [plan.IDDPrefix(), plan.nationalPrefixForParsing()].filter(Boolean)
  const hasPrefix = new RegExp(`^(?:${prefixes.join('|')})`)
  return (text) => {
    const number = text.startsWith(`+${code}`) ? text.slice(code.length + 1) : text
    const fits =
      (!lengths || lengths.includes(number.length)) &&
      isNational.test(number) &&
      isMobile.test(number) &&
      !hasPrefix.test(number)
    return fits ? `+${code}${number}` : undefined
  }
}

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
