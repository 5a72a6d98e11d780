/** Reads the text of a Java .properties file, as far as Knative's files use the format: `key=value` lines and comments. */
export const propertiesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [key = '', ...value] = line.split('=')
        return [key, value.join('=')]
      }),
  )
