// FormTurns image references with digests into a kustomize component that an overlay uses.

interface PinnedImage {
  /** The image's name in knative/base. */
  name: string
  newName: string
  digest: string
}

/**
 * Throws unless there is exactly one reference for each function: without one, a function would keep its placeholder image.
 * `references`: `<registry>/…/<function>@sha256:…`.
 */
export function pinImages(names: string[], references: string[]): object {
  const found = references.map(parse)
  const missing = names.filter(
    (name) => found.filter((one) => one.functionName === name).length !== 1,
  )
  const unknown = found.filter(({ functionName }) => !names.includes(functionName))
  if (missing.length + unknown.length > 0) {
    const given = references.join(', ') || 'none'
    throw new Error(`Expected one image of each of ${names.join(', ')}, found ${given}`)
  }
  return {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    images: names.flatMap((name) =>
      found.filter(({ functionName }) => functionName === name).map(toImage),
    ),
  }
}

interface Reference {
  /** The last part of the image's name. */
  functionName: string
  image: string
  digest: string
}

/** A tag next to the digest is ignored. */
function parse(reference: string): Reference {
  const parts = /^((?:[^/@]+\/)+([a-z][a-z0-9-]*))(?::[^/:@]+)?@(sha256:[0-9a-f]{64})$/.exec(
    reference,
  )
  if (!parts) {
    throw new Error(
      `Expected <registry>/…/<function>@sha256:<64 hexadecimal digits>, found "${reference}"`,
    )
  }
  const [, image, functionName, digest] = parts as unknown as [string, string, string, string]
  return { functionName, image, digest }
}

const toImage = ({ functionName, image, digest }: Reference): PinnedImage => ({
  name: `registry/formstream/${functionName}`,
  newName: image,
  digest,
})
