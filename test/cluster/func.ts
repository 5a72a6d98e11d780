// `func deploy` and `kubectl apply` follow each other, whichever was first. There is no func here: the Services that it makes are made
// for it.
import { parse, stringify } from 'yaml'
import { funcYaml } from '../../scripts/build/func-yaml.ts'
import { selectFunctions } from '../../scripts/build/select-functions.ts'
import { funcService, funcUpdates } from '../func-service.ts'
import { applyOverlay, namespace, ready } from './deployment.ts'
import { kubectl, kubectlWith } from './kube.ts'

/** All but sheets: func deploys nothing whose Secrets are missing, and Google's is. */
const names = ['form-endpoint', 'slang', 'validation']

type Service = ReturnType<typeof funcService>

/** Which volumes a function had after each step. */
export async function func(): Promise<Record<string, string[]>> {
  const made = (await selectFunctions(names)).map((facts) =>
    funcService(parse(funcYaml(facts)), `dev.local/formstream/${facts.name}:dev`),
  )
  const seen: Record<string, string[]> = {}
  async function step(what: string, work: () => Promise<unknown>): Promise<void> {
    await work()
    await ready()
    seen[what] = (await there('form-endpoint')).spec.template.spec.volumes.map(nameOf)
  }
  await step('func after apply', async () => {
    for (const service of made) await replace(funcUpdates(await there(nameIn(service)), service))
  })
  await step('apply after func', applyOverlay)
  await step('func first', async () => {
    await kubectl('-n', namespace, 'delete', 'ksvc', '--wait', ...names)
    for (const service of made) await kubectlWith(stringify(service), 'create', '-f', '-')
  })
  await step('apply after func was first', applyOverlay)
  return seen
}

const nameIn = ({ metadata }: Service): string => metadata.name
const nameOf = (volume: object): string => (volume as { name: string }).name

const there = async (name: string): Promise<Service> =>
  JSON.parse(await kubectl('-n', namespace, 'get', 'ksvc', name, '-o', 'json'))

const replace = (service: Service): Promise<string> =>
  kubectlWith(stringify(service), 'replace', '-f', '-')
