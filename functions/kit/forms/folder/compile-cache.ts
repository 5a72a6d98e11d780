// Compiles only the form files that changed, in slices: the process answers requests in between.
import { yieldToRequests } from '../../yield-to-requests.ts'
import type { Compiled } from '../compile/compile-form.ts'
import type { FormTexts } from './read-folder.ts'

type Compile = (name: string, text: string) => Compiled

export class CompileCache {
  #compile: Compile
  /** Keyed by file name, then by text. */
  #compiled = new Map<string, Map<string, Compiled>>()

  constructor(compile: Compile) {
    this.#compile = compile
  }

  /** When it resolves, the cache holds the results for these texts and for no others. */
  async prepare(texts: FormTexts): Promise<void> {
    const before = this.#compiled
    const next = new Map<string, Map<string, Compiled>>()
    const letOthersRun = yieldToRequests()
    for (const [name, { text, checked }] of texts) {
      const compiled = new Map<string, Compiled>()
      for (const one of [text, checked].filter((one) => typeof one === 'string')) {
        compiled.set(one, before.get(name)?.get(one) ?? this.#compile(name, one))
        await letOthersRun()
      }
      next.set(name, compiled)
    }
    this.#compiled = next
  }

  get(name: string, text: string): Compiled {
    return this.#compiled.get(name)?.get(text) ?? this.#compile(name, text)
  }
}
