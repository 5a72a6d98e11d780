// Reads the environment by a zod schema, once, at the edge. All that is wrong is said together.
import type * as z from 'zod'

const secret = /secret|pass|token|credential|key|auth|dsn|@/i

export function readConfig<Config>(
  schema: z.ZodType<Config>,
  environment: Record<string, string | undefined>,
): Config {
  // A variable that is set to nothing counts as not set, as most shells and manifests mean it.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => {
    const name = path.join('.')
    const value = given[name]
    const found =
      value === undefined ? 'nothing' : secret.test(`${name}=${value}`) ? 'a secret' : `"${value}"`
    return `  ${name}: ${message}, found ${found}`
  })
  throw new Error(`Wrong environment:\n${problems.join('\n')}`)
}
