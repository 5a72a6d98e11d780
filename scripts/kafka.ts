// Runs Apache Kafka on this machine.
//
//   npm run kafka -- start [1|3]        starts so many brokers, by default 3; the first start downloads Kafka
//   npm run kafka -- stop               stops them; the data stays
//   npm run kafka -- status
//   npm run kafka -- kill <broker>      kills a broker (SIGKILL)
//   npm run kafka -- restart <broker>
//
// Then KAFKA_BROKERS=<the addresses that start prints> npm start uses it.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readConfig } from '#kit/config.ts'
import { Cluster } from '../local/kafka/cluster.ts'
import { fetchJars } from '../local/kafka/fetch-jars.ts'
import { parseCommand, UsageError } from './parse-command.ts'
import { openDataFolder } from './start/data-folder.ts'
import { Environment } from './start/environment.ts'

const [command = '', argument] = parseCommand({}, 2).positionals
const { DATA_DIR, KAFKA_PORT } = readConfig(Environment, process.env)
const folder = resolve(DATA_DIR, 'kafka')

const open = (brokers: number): Cluster =>
  new Cluster({ of: brokers, folder, port: KAFKA_PORT, jars: resolve('.cache/kafka') })

/** With as many brokers as the data folder has. */
const existing = (): Cluster => open(existsSync(join(folder, 'broker-3')) ? 3 : 1)

const commands: Record<string, () => Promise<void> | void> = {
  start,
  status,
  async stop() {
    await existing().stop()
    console.log('Stopped; the data stays')
  },
  async kill() {
    await existing().broker(Number(argument)).signal('SIGKILL')
    console.log(`Killed broker ${argument} (SIGKILL)`)
  },
  async restart() {
    await openDataFolder(resolve(DATA_DIR))
    const cluster = existing()
    await cluster.broker(Number(argument)).signal('SIGTERM')
    await cluster.start()
    console.log(`Restarted broker ${argument}`)
  },
}

const run = commands[command]
if (!run) {
  const expected = 'start [1|3], stop, status, kill <broker> or restart <broker>'
  throw new UsageError(`Expected ${expected}, found "${command}"`)
}
await run()

async function start(): Promise<void> {
  const brokers = Number(argument ?? 3)
  if (![1, 3].includes(brokers)) {
    throw new UsageError(`Expected 1 or 3 brokers, found "${argument}"`)
  }
  if (existsSync(join(folder, 'broker-1')) && existing().brokers.length !== brokers) {
    throw new Error(
      `Expected ${existing().brokers.length} brokers, as ${folder} has, found ${brokers}`,
    )
  }
  fetchJars(resolve('.cache/kafka'), console.log)
  for (const problem of await openDataFolder(resolve(DATA_DIR))) console.warn(problem)
  console.log(`Starting ${brokers} broker${brokers > 1 ? 's' : ''}, data in ${folder}…`)
  const cluster = open(brokers)
  await cluster.start()
  status()
  console.log(`\n  KAFKA_BROKERS=${cluster.addresses} npm start`)
}

function status(): void {
  for (const { id, address, pid } of existing().brokers) {
    console.log(`  broker ${id}  ${address}  ${pid ? `runs, process ${pid}` : 'stopped'}`)
  }
}
