// References of images, as a registry gave them, as a component of an overlay.

interface Pinned {
  /** As knative/base has it. */
  name: string
  newName: string
  digest: string
}

/** Of each function exactly one: what is not named here stays at an address that no registry has. */
export function pinned(names: string[], references: string[]): object {
  const found = references.map(parse)
  const lacking = names.filter((name) => found.filter((one) => one.of === name).length !== 1)
  const unknown = found.filter(({ of }) => !names.includes(of)).map(({ of }) => of)
  if (lacking.length + unknown.length > 0) {
    const what = references.join(', ') || 'none'
    throw new Error(`Expected one image of each of ${names.join(', ')}, found ${what}`)
  }
  return {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    images: names.flatMap((name) => found.filter(({ of }) => of === name).map(toImage)),
  }
}

interface Reference {
  /** The function: the last part of the image's name. */
  of: string
  image: string
  digest: string
}

/** A tag beside the digest is left out: the digest says all. */
function parse(reference: string): Reference {
  const parts = /^((?:[^/@]+\/)+([a-z][a-z0-9-]*))(?::[^/:@]+)?@(sha256:[0-9a-f]{64})$/.exec(
    reference,
  )
  if (!parts) {
    throw new Error(
      `Expected <registry>/…/<function>@sha256:<64 hexadecimal digits>, found "${reference}"`,
    )
  }
  const [, image, of, digest] = parts as unknown as [string, string, string, string]
  return { of, image, digest }
}

const toImage = ({ of, image, digest }: Reference): Pinned => ({
  name: `registry/formstream/${of}`,
  newName: image,
  digest,
})
