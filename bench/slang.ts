// Measures the slang analyser: precision and recall on our labelled texts and on published ones, time per text, load time.
import { execFileSync } from 'node:child_process'
import { analyse } from '../functions/slang/analyse.ts'
import { readHinglishTexts, scoreTexts } from '../functions/slang/evaluation/external-sets.ts'
import {
  type Half,
  readLabelled,
  type Score,
  score,
} from '../functions/slang/evaluation/labelled-texts.ts'

const analyser = new URL('../functions/slang/analyse.ts', import.meta.url).href
const texts = readLabelled()

/** In a new process each time, because a module loads only once. Loading Node's type stripper is not counted. */
function loadMilliseconds(): number {
  const code = `
    process.getBuiltinModule('module').stripTypeScriptTypes('')
    const start = performance.now()
    await import('${analyser}')
    console.log(performance.now() - start)`
  const runs = Array.from({ length: 5 }, () =>
    Number(
      execFileSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code],
        { encoding: 'utf8' },
      ),
    ),
  )
  return runs.sort((a, b) => a - b)[2]!
}

function microsecondsPerText(): number {
  const rounds = 20
  for (const { text } of texts) analyse(text)
  const start = performance.now()
  for (let round = 0; round < rounds; round++) for (const { text } of texts) analyse(text)
  return ((performance.now() - start) * 1000) / (rounds * texts.length)
}

function longestMilliseconds(): number {
  const hostile = [
    'f u c k ',
    'fuck ',
    'a ',
    'f*',
    'teri maa ki ',
    'a1!',
    'म ा द ',
    '\u0336',
    'mo',
    'f,',
    'sh%',
    'चू ',
  ]
  return Math.max(
    ...hostile.map((part) => {
      const start = performance.now()
      analyse(part.repeat(10_000 / part.length))
      return performance.now() - start
    }),
  )
}

const halfScore = (half: Half) =>
  score(
    texts.filter((text) => text.half === half),
    analyse,
  )

// Only counts of the held-out texts are shown, so that nobody tunes the analyser with them.
const counts = ({ missed: _missed, wrong: _wrong, ...figures }: Score) => figures

export default async function slang(): Promise<Record<string, unknown>> {
  const tuned = halfScore('tuned')
  const result = {
    tuned: { ...counts(tuned), missed: tuned.missed, wrong: tuned.wrong },
    heldOut: counts(halfScore('heldOut')),
    outside: scoreTexts(readHinglishTexts()),
    hostile10kMs: longestMilliseconds(),
    microsecondsPerText: microsecondsPerText(),
    loadMs: loadMilliseconds(),
  }
  console.table({ tuned: counts(tuned), heldOut: result.heldOut })
  console.table({ outside: result.outside })
  console.log('tuned, missed:', tuned.missed.join(' | ') || 'none')
  console.log('tuned, wrong:', tuned.wrong.join(' | ') || 'none')
  console.log(`${result.microsecondsPerText.toFixed(1)} µs a text`)
  console.log(`${result.hostile10kMs.toFixed(1)} ms for the worst of 10,000 hostile characters`)
  console.log(`${result.loadMs.toFixed(1)} ms to load`)
  return result
}
