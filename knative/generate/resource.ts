// What all resources have in common.
import { namespace } from './function-facts.ts'

export interface Resource {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  spec?: object
  data?: Record<string, string>
  binaryData?: Record<string, string>
}

/** Where one resource points at another. */
export const reference = (apiVersion: string, kind: string, name: string): object => ({
  ref: { apiVersion, kind, name },
})

export const serving = 'serving.knative.dev/v1'
export const eventing = 'eventing.knative.dev/v1alpha1'
export const sources = 'sources.knative.dev/v1'
export const networking = 'networking.k8s.io/v1'

/** `forms.validated` as the name of a resource. */
export const toName = (topic: string): string => topic.replaceAll('.', '-')

export const metadataOf = (name: string): { name: string; namespace: string } => ({
  name,
  namespace,
})
