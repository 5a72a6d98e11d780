// Downloads Apache Kafka's published jars with Maven.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Does nothing if the folder is complete. `print` announces the download. */
export function fetchJars(folder: string, print: (message: string) => void): void {
  const pom = join(import.meta.dirname, 'pom.xml')
  const complete = join(folder, 'complete')
  const wanted = readFileSync(pom, 'utf8')
  if (existsSync(complete) && readFileSync(complete, 'utf8') === wanted) return
  requireProgram('java', 'Java 17 or later')
  requireProgram('mvn', 'Maven')
  print('Fetching Apache Kafka (once, about 50 MB)…')
  mkdirSync(folder, { recursive: true })
  const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
  execFileSync('mvn', ['-q', '-B', '-f', pom, ...copy], { stdio: 'inherit' })
  writeFileSync(complete, wanted)
}

function requireProgram(command: string, program: string): void {
  try {
    execFileSync(command, ['-version'], { stdio: 'ignore' })
  } catch {
    throw new Error(`A local Kafka needs ${program}: found no command ${command}`)
  }
}
