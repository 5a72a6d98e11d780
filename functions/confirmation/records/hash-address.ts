// The hash under which an address is kept. Who knows an address can look it up; the store does not show it.
import { createHash } from 'node:crypto'
import { foldAddress } from '../mail/address.ts'

export const hashAddress = (address: string, form = ''): string =>
  createHash('sha256')
    .update(JSON.stringify(['formstream-mail', form, foldAddress(address)]))
    .digest('base64url')
    .slice(0, 22)
