// Reads the environment by a zod schema. One error lists every wrong variable.
import type * as z from 'zod'

/** Matches `NAME=value` of a variable whose value must not be printed. */
const secret = /secret|pass|token|credential|key|auth|dsn|@/i

export function readConfig<Config>(
  schema: z.ZodType<Config>,
  environment: Record<string, string | undefined>,
): Config {
  // Shells and manifests set a variable to nothing where they mean "not set".
  const variables = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== ''),
  )
  const result = schema.safeParse(variables)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => {
    const name = path.join('.')
    const value = variables[name]
    const found =
      value === undefined ? 'nothing' : secret.test(`${name}=${value}`) ? 'a secret' : `"${value}"`
    return `  ${name}: ${message}, found ${found}`
  })
  throw new Error(`Wrong environment:\n${problems.join('\n')}`)
}
