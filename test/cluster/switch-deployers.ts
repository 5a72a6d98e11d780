// Switches between `func deploy` and `kubectl apply` in both orders. func itself is not run: the Services that it would create or update
// are computed by ../func-service.ts.
import { parse, stringify } from 'yaml'
import { funcYaml } from '../../scripts/build/func-yaml.ts'
import { selectFunctions } from '../../scripts/build/select-functions.ts'
import { funcService, funcUpdates } from '../func-service.ts'
import { applyOverlay, namespace, waitForReady } from './deployment.ts'
import { kubectl, kubectlWith } from './kube.ts'

/** Not sheets: its Secret for Google is missing here, and func refuses to deploy a function whose Secret is missing. */
const names = ['form-endpoint', 'slang', 'validation']

type Service = ReturnType<typeof funcService>

/** The names of the endpoint's volumes after each step. */
export async function switchDeployers(): Promise<Record<string, string[]>> {
  const created = (await selectFunctions(names)).map((facts) =>
    funcService(parse(funcYaml(facts)), `dev.local/formstream/${facts.name}:dev`),
  )
  const volumes: Record<string, string[]> = {}
  async function step(name: string, work: () => Promise<unknown>): Promise<void> {
    await work()
    await waitForReady()
    volumes[name] = (await currentService('form-endpoint')).spec.template.spec.volumes.map(nameOf)
  }
  await step('func after apply', async () => {
    for (const service of created) {
      await replace(funcUpdates(await currentService(service.metadata.name), service))
    }
  })
  await step('apply after func', applyOverlay)
  await step('func first', async () => {
    await kubectl('-n', namespace, 'delete', 'ksvc', '--wait', ...names)
    for (const service of created) await kubectlWith(stringify(service), 'create', '-f', '-')
  })
  await step('apply after func was first', applyOverlay)
  return volumes
}

const nameOf = (volume: object): string => (volume as { name: string }).name

const currentService = async (name: string): Promise<Service> =>
  JSON.parse(await kubectl('-n', namespace, 'get', 'ksvc', name, '-o', 'json'))

const replace = (service: Service): Promise<string> =>
  kubectlWith(stringify(service), 'replace', '-f', '-')
