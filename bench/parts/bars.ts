// Draws CPU time or memory as an SVG: a bar for each case, a part of it for each process.
import type { Spread } from './spread.ts'

const width = 860
const bar = { left: 190, right: 70, height: 18, gap: 10, top: 62 }
const colors = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#8c564b']

interface Row {
  name: string
  /** By process. */
  values: Record<string, Spread>
}

export function drawBars(title: string, unit: string, rows: Row[]): string {
  const processes = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))]
  const total = ({ values }: Row) =>
    Object.values(values).reduce((sum, { median }) => sum + median, 0)
  const scale = (width - bar.left - bar.right) / Math.max(...rows.map(total))
  const drawn = rows.map((row, n) => {
    const y = bar.top + n * (bar.height + bar.gap)
    return drawRow(row, processes, { y, scale, total: `${Math.round(total(row))} ${unit}` })
  })
  const height = bar.top + rows.length * (bar.height + bar.gap)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}" font-family="sans-serif" font-size="12">
<title>${title}</title>
<rect width="100%" height="100%" fill="white"/>
<text x="10" y="20" font-size="14">${title}</text>
${[...legend(processes), ...drawn].join('\n')}
</svg>
`
}

/** The load generator is grey: it is no part of the product. */
const colorOf = (process: string, n: number): string =>
  process === 'load' ? '#bbbbbb' : (colors[n % colors.length] as string)

function legend(processes: string[]): string[] {
  let x = 10
  return processes.map((name, n) => {
    const at = x
    x += 30 + 7 * name.length
    return `<rect x="${at}" y="32" width="12" height="12" fill="${colorOf(name, n)}"/><text x="${at + 16}" y="42">${name}</text>`
  })
}

function drawRow(
  { name, values }: Row,
  processes: string[],
  { y, scale, total }: { y: number; scale: number; total: string },
): string {
  let x = bar.left
  const parts = processes.map((process, n) => {
    const length = Math.round(10 * (values[process]?.median ?? 0) * scale) / 10
    const at = x
    x = Math.round(10 * (x + length)) / 10
    return `<rect x="${at}" y="${y}" width="${length}" height="${bar.height}" fill="${colorOf(process, n)}"/>`
  })
  const middle = y + bar.height - 5
  const label = `<text x="${bar.left - 8}" y="${middle}" text-anchor="end">${name}</text>`
  return `${label}${parts.join('')}<text x="${x + 6}" y="${middle}">${total}</text>`
}
