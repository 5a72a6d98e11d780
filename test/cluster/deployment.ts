// Deploys all functions to the test cluster. Kafka, Redis and the Sheets emulator run beside the cluster, on this machine.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KafkaLog } from '#kafka/log/kafka/log.ts'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { freshTopics, openKafka, testCluster } from '../log/kafka-cluster.ts'
import { type Emulator, startEmulator } from '../sheets/emulator.ts'
import { oneServer } from '../sheets/redis.ts'
import { buildImages } from './images.ts'
import { type Kube, kubectl, openKube } from './kube.ts'
import { type StandIns, startStandIns } from './stand-ins.ts'

/** Addresses of this machine and of the ingress, as the test cluster sets them up. overlay/ repeats them. */
export const host = '10.77.0.1'
export const ingress = 'http://10.77.0.2'
export const namespace = 'formstream'

/** The folder with the scripts of the test cluster. */
const rigFolder = process.env.RIG_DIR ?? '../shared/cluster'

export interface Deployment {
  kube: Kube
  log: KafkaLog
  brokers: string
  emulator: Emulator
  /** The Host header of requests to the endpoint at `ingress`. */
  endpointHost: string
  stop: () => Promise<void>
}

export async function deploy(): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-cluster-'))
  const cluster = testCluster(join(folder, 'kafka'), { port: 32092, of: 1, host })
  await cluster.start()
  const brokers = cluster.addresses
  await freshTopics(brokers)
  const redis = await oneServer({ port: 32079, bind: `127.0.0.1 ${host}`, 'protected-mode': 'no' })
  const emulator = await startEmulator(folder, { host, port: 32081 })
  const log = await openKafka(brokers)
  const kube = await openKube()
  await loadImages(folder)
  await kubectl('delete', 'namespace', namespace, '--ignore-not-found')
  const standIns = await apply(kube, log)
  return {
    kube,
    log,
    brokers,
    emulator,
    endpointHost: `form-endpoint.${namespace}.rig.test`,
    async stop() {
      await standIns.close()
      await kubectl('delete', 'namespace', namespace)
      kube.close()
      await log.close()
      emulator.stop()
      await redis.stop()
      await cluster.stop()
      await rm(folder, { recursive: true })
    },
  }
}

const overlay = join(import.meta.dirname, 'overlay')

export const applyOverlay = (): Promise<string> =>
  kubectl('apply', '--server-side', '--force-conflicts', '-k', overlay)

/** Resolves once all functions are ready. */
export const waitForReady = (): Promise<string> =>
  kubectl('-n', namespace, 'wait', '--for=condition=Ready', '--timeout=180s', 'ksvc', '--all')

async function apply(kube: Kube, log: KafkaLog): Promise<StandIns> {
  await applyOverlay()
  const standIns = await startStandIns({ kube, log, namespace, host })
  await waitForReady()
  // The first revisions were created before the SinkBindings set K_SINK. Knative would keep their pods for ten minutes.
  const functionsWithSink = [...(await findClusterTasks()).map(({ name }) => name), 'dead-letter']
  const firstRevisions = functionsWithSink.map((name) => `revision/${name}-00001`)
  await kubectl('-n', namespace, 'delete', ...firstRevisions)
  return standIns
}

async function loadImages(folder: string): Promise<void> {
  const archives = await buildImages({ names: [], tag: 'dev', folder: join(folder, 'images') })
  for (const archive of Object.values(archives)) {
    execFileSync(join(rigFolder, 'load-image.sh'), [archive], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
}
