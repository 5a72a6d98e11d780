// What `npm start` adds to the environment of tasks from its data folder.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Variables = Record<string, string | undefined>

/** The secret by which validation knows what the endpoint accepted, and the folder with the valid copies of forms. */
export function withKept(environment: Variables, dataDir: string): Variables {
  const secret = join(dataDir, 'door-secret')
  const copies = join(dataDir, 'checked-forms')
  return {
    ...(existsSync(secret) && { DOOR_SECRET: readFileSync(secret, 'utf8') }),
    ...(existsSync(copies) && { FORMS_CHECKED_DIR: copies }),
    ...environment,
  }
}
