// Types and helpers for Kubernetes resources.
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

/** A reference to another resource. */
export const reference = (apiVersion: string, kind: string, name: string): object => ({
  ref: { apiVersion, kind, name },
})

/** API versions. */
export const serving = 'serving.knative.dev/v1'
export const eventing = 'eventing.knative.dev/v1alpha1'
export const sources = 'sources.knative.dev/v1'
export const networking = 'networking.k8s.io/v1'

/** Resource name of a topic: `forms.validated` becomes `forms-validated`. */
export const toName = (topic: string): string => topic.replaceAll('.', '-')

export const metadataOf = (name: string): { name: string; namespace: string } => ({
  name,
  namespace,
})
