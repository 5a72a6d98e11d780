// Compiles the files of forms that have changed, a few at a time: whoever submits meanwhile is answered in between.
import { yieldToRequests } from '../../yield-to-requests.ts'
import type { Compiled } from '../form.ts'
import type { FormTexts } from './read-forms.ts'

type Compile = (name: string, text: string) => Compiled

export class CompiledFiles {
  #compile: Compile
  /** What each text became, by the name of its file. */
  #known = new Map<string, Map<string, Compiled>>()

  constructor(compile: Compile) {
    this.#compile = compile
  }

  /** Once it resolves, `get` has each of these at hand, and no others. */
  async prepare(texts: FormTexts): Promise<void> {
    const before = this.#known
    const known = new Map<string, Map<string, Compiled>>()
    const others = yieldToRequests()
    for (const [name, { text, checked }] of texts) {
      const said = [text, checked].filter((one) => typeof one === 'string')
      const compiled = new Map<string, Compiled>()
      for (const one of said) {
        compiled.set(one, before.get(name)?.get(one) ?? this.#compile(name, one))
        await others()
      }
      known.set(name, compiled)
    }
    this.#known = known
  }

  get(name: string, text: string): Compiled {
    return this.#known.get(name)?.get(text) ?? this.#compile(name, text)
  }
}
