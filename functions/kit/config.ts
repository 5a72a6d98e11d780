// Reads the environment by a zod schema. One error lists every wrong variable.
import type * as z from 'zod'

/** Matches `NAME=value` of a variable whose value must not be printed. */
const secret = /secret|pass|token|credential|key|auth|dsn|@/i

type Variables = Record<string, string | undefined>

export function readConfig<Config>(schema: z.ZodType<Config>, environment: Variables): Config {
  const variables = withoutEmpty(environment)
  const result = schema.safeParse(variables)
  if (result.success) return result.data
  throw wrongEnvironment(problemsIn(result.error, variables))
}

/** Checks the environment by several schemas. One error lists the wrong variables of all of them. */
export function checkConfigs(schemas: z.ZodType[], environment: Variables): void {
  const variables = withoutEmpty(environment)
  const problems = schemas.flatMap((schema) => {
    const { error } = schema.safeParse(variables)
    return error ? problemsIn(error, variables) : []
  })
  if (problems.length > 0) throw wrongEnvironment([...new Set(problems)])
}

/** Shells and manifests set a variable to nothing where they mean "not set". */
const withoutEmpty = (environment: Variables): Variables =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))

const problemsIn = ({ issues }: z.ZodError, variables: Variables): string[] =>
  issues.map(({ path, message }) => {
    const name = path.join('.')
    const value = variables[name]
    const found =
      value === undefined ? 'nothing' : secret.test(`${name}=${value}`) ? 'a secret' : `"${value}"`
    return `  ${name}: ${message}, found ${found}`
  })

const wrongEnvironment = (problems: string[]): Error =>
  new Error(`Wrong environment:\n${problems.join('\n')}`)
