// Mail addresses as they go to the server: one address in ASCII without a name, a comment or a second address.
import * as z from 'zod'

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const pattern = new RegExp(`^(?=[^@]{1,64}@)${atom}(?:\\.${atom})*@${label}(?:\\.${label})*$`)
const maxLength = 254

export const isAddress = (text: string): boolean => text.length <= maxLength && pattern.test(text)

export const Address = z
  .string()
  .refine(isAddress, 'an address such as office@example.org, without a name')
  .meta({ examples: ['office@example.org'] })

/** Upper and lower case of an address reach the same mailbox nearly everywhere. */
export const foldAddress = (address: string): string => address.toLowerCase()

/** Text of a mail server without the addresses in it. */
export const withoutAddresses = (text: string): string =>
  text.replace(/<[^<>]*@[^<>]*>|[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '<address>')
