import { access, constants } from 'node:fs/promises'

/** Throws if the file with the key for Google cannot be read. Google's library would notice at the first row. */
export async function expectCredentials(file: string | undefined): Promise<void> {
  if (!file) return
  await access(file, constants.R_OK).catch((cause: Error) => {
    const expected = `Expected GOOGLE_APPLICATION_CREDENTIALS to be a file that can be read`
    throw new Error(`${expected}, found: ${cause.message}`, { cause })
  })
}
