// All files of knative/base.
import { deadLetter } from '#kafka/events.ts'
import type { AnyTask } from '#kit/define-task.ts'
import { eventingOf, sinkOf } from './eventing.ts'
import { formsConfigMaps } from './forms-config-maps.ts'
import { deadLetterFacts, endpointFacts, namespace, taskFacts } from './function-facts.ts'
import { networkPolicies } from './network-policies.ts'
import { metadataOf, type Resource } from './resource.ts'
import { service } from './service.ts'

/** Returns the resources by file name. */
export function manifests(
  tasks: AnyTask[],
  forms: Record<string, string>,
): Record<string, object[]> {
  const endpoint = endpointFacts()
  const deadLetters = deadLetterFacts()
  const files: Record<string, Resource[]> = {
    'namespace.yaml': [namespaceOf()],
    'forms.yaml': formsConfigMaps(forms),
    'network.yaml': networkPolicies([endpoint, deadLetters, ...tasks.map(taskFacts)]),
    [`${deadLetters.name}.yaml`]: [service(deadLetters), ...sinkOf(deadLetters.name, deadLetter)],
    [`${endpoint.name}.yaml`]: [service(endpoint), disruptionBudget(endpoint.name)],
  }
  for (const task of tasks)
    files[`${task.name}.yaml`] = [service(taskFacts(task)), ...eventingOf(task)]
  return { ...files, 'kustomization.yaml': [kustomization(Object.keys(files))] }
}

/** Pods that run as root, can gain privileges, or access the node are refused. */
function namespaceOf(): Resource {
  const name = 'pod-security.kubernetes.io'
  const labels = {
    [`${name}/enforce`]: 'restricted',
    // Rules of later Kubernetes versions only cause warnings.
    [`${name}/enforce-version`]: 'v1.34',
    [`${name}/warn`]: 'restricted',
    [`${name}/audit`]: 'restricted',
  }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }
}

/** Draining nodes stops at most one replica at a time. */
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
