// The files of knative/base: what a cluster is told of each function, by file name.
import { deadLetter } from '#kafka/events.ts'
import type { AnyTask } from '#kit/define-task.ts'
import { eventingOf, kafkaSink, sinkBinding } from './eventing.ts'
import { deadLetterFacts, endpointFacts, namespace, taskFacts } from './facts.ts'
import { formsConfigMaps } from './forms.ts'
import { metadataOf, type Resource } from './resource.ts'
import { service } from './service.ts'

export function manifests(
  tasks: AnyTask[],
  forms: Record<string, string>,
): Record<string, object[]> {
  const endpoint = endpointFacts()
  const letters = deadLetterFacts()
  const files: Record<string, Resource[]> = {
    'namespace.yaml': [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }],
    'forms.yaml': formsConfigMaps(forms),
    [`${letters.name}.yaml`]: [
      service(letters),
      kafkaSink(deadLetter),
      sinkBinding(letters.name, deadLetter),
    ],
    [`${endpoint.name}.yaml`]: [service(endpoint), disruptionBudget(endpoint.name)],
  }
  for (const task of tasks)
    files[`${task.name}.yaml`] = [service(taskFacts(task)), ...eventingOf(task)]
  return { ...files, 'kustomization.yaml': [kustomization(Object.keys(files))] }
}

/** Machines are emptied one replica at a time. */
const disruptionBudget = (name: string): Resource => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: metadataOf(name),
  spec: {
    maxUnavailable: 1,
    selector: { matchLabels: { 'serving.knative.dev/service': name } },
  },
})

const kustomization = (resources: string[]): object => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources,
})
