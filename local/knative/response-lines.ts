// The JSON lines that a running instance answers with, as they come.

/** Ends with the answer; leaving the loop ends the request. */
export async function* linesOf({ body }: Response): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() as string
    yield* lines
  }
}
