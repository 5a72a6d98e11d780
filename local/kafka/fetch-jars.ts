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
  copyDependencies(pom, folder, print)
  writeFileSync(complete, wanted)
}

/** Three tries, 5 s apart: a repository may refuse one of the hundred files once. Maven keeps the files that it has. */
function copyDependencies(pom: string, folder: string, print: (message: string) => void): void {
  const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
  for (let tries = 1; ; tries++) {
    try {
      execFileSync('mvn', ['-q', '-B', '-U', '-f', pom, ...copy], { stdio: 'inherit' })
      return
    } catch (error) {
      if (tries === 3) throw error
      print(`Maven failed (${(error as Error).message}); it is tried again in 5 s`)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000)
    }
  }
}

function requireProgram(command: string, program: string): void {
  try {
    execFileSync(command, ['-version'], { stdio: 'ignore' })
  } catch {
    throw new Error(`A local Kafka needs ${program}: found no command ${command}`)
  }
}
