// The JSON lines that a running instance answers with, as they come.

/** Ends with the answer; leaving the loop ends the request. */
export async function* readLines(url: string, init?: RequestInit): AsyncGenerator<string> {
  const { body } = await fetch(url, init)
  let rest = ''
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() as string
    yield* lines
  }
}
