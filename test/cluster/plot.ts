// Draws the samples of a load as an SVG: replicas, rate and latency over time, one panel each.
import type { Sample } from './sampler.ts'

interface Line {
  name: string
  color: string
  /** Draw steps: a value holds until the next sample. */
  steps?: boolean
  /** The value at each sample; undefined leaves a gap. */
  values: (number | undefined)[]
}

const width = 860
const panel = { height: 150, gap: 44, left: 64, right: 130 }
const colors = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd']

export function plot(title: string, samples: Sample[]): string {
  const names = [...new Set(samples.flatMap(({ replicas }) => Object.keys(replicas)))].toSorted()
  const panels: [string, Line[]][] = [
    [
      'replicas',
      names.map((name, n) =>
        steps(
          name,
          n,
          samples.map((one) => one.replicas[name] ?? 0),
        ),
      ),
    ],
    [
      'submissions/s',
      [line('answered', 0, rates(samples, 'answered')), line('through', 1, rates(samples, 'done'))],
    ],
    [
      'seconds through the pipeline',
      [line('p50', 0, seconds(samples, 'p50')), line('p99', 1, seconds(samples, 'p99'))],
    ],
  ]
  const height = 40 + panels.length * (panel.height + panel.gap)
  const times = samples.map((sample) => sample.seconds)
  const drawn = panels.map(([label, lines], n) =>
    draw(label, lines, times, 44 + n * (panel.height + panel.gap)),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}" font-family="sans-serif" font-size="12">
<title>${title}</title>
<rect width="100%" height="100%" fill="white"/>
<text x="${panel.left}" y="20" font-size="14">${title}</text>
${drawn.join('\n')}
</svg>
`
}

const line = (name: string, n: number, values: Line['values']): Line => ({
  name,
  color: colors[n % colors.length] as string,
  values,
})

const steps = (name: string, n: number, values: Line['values']): Line => ({
  ...line(name, n, values),
  steps: true,
})

/** Rates over the last five samples, to smooth the lines. */
function rates(samples: Sample[], of: 'answered' | 'done'): Line['values'] {
  return samples.map((sample, n) => {
    const before = samples[Math.max(0, n - 5)] as Sample
    const passed = sample.seconds - before.seconds
    return passed === 0 ? undefined : (sample[of] - before[of]) / passed
  })
}

const seconds = (samples: Sample[], of: 'p50' | 'p99'): Line['values'] =>
  samples.map((sample) => sample[of] && sample[of] / 1000)

function draw(label: string, lines: Line[], times: number[], top: number): string {
  const max = Math.max(1, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const end = times.at(-1) || 1
  const right = width - panel.right
  const x = (time: number) => round(panel.left + (time / end) * (right - panel.left))
  const y = (value: number) => round(top + panel.height * (1 - value / max))
  const marks = [0, 0.25, 0.5, 0.75, 1]
  const grid = [0, 0.5, 1].map((share) => {
    const at = y(share * max)
    const value = max < 10 ? round(share * max) : Math.round(share * max)
    return `<line x1="${panel.left}" x2="${right}" y1="${at}" y2="${at}" stroke="#ddd"/><text x="${panel.left - 8}" y="${at + 4}" text-anchor="end">${value}</text>`
  })
  const axis = marks.map(
    (share) =>
      `<text x="${x(share * end)}" y="${top + panel.height + 16}" text-anchor="middle" fill="#666">${Math.round(share * end)} s</text>`,
  )
  const paths = lines.map(({ name, color, steps, values }, n) => {
    const points = values.flatMap((value, at) => {
      if (value === undefined) return []
      const before = steps ? values[at - 1] : undefined
      const corner = before === undefined ? [] : [`${x(times[at] as number)},${y(before)}`]
      return [...corner, `${x(times[at] as number)},${y(value)}`]
    })
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.5"/><text x="${right + 8}" y="${top + 12 + n * 16}" fill="${color}">${name}</text>`
  })
  const heading = `<text x="${panel.left}" y="${top - 8}">${label}</text>`
  return [heading, ...grid, ...axis, ...paths].join('\n')
}

const round = (value: number): number => Math.round(value * 10) / 10
