// Skipping a record by hand is for the one at which reading stands: behind any other nothing would be stuck.

interface Place {
  topic: string
  partition: number
  offset: number
}

/** `position`: the first offset of the partition that is not settled, and its end; none where there is no such partition. */
export function expectToStandAt(
  position: { offset: number; end: number } | undefined,
  { topic, partition, offset }: Place,
): void {
  const place = `${topic}/${partition}`
  if (!position) throw new Error(`Expected a partition of ${topic}; found ${partition}`)
  if (position.offset >= position.end) {
    throw new Error(`Expected a record at ${position.offset}, the end of ${place}; found none`)
  }
  if (position.offset !== offset) {
    const stands = `the offset at which reading of ${place} stands, ${position.offset}`
    throw new Error(`Expected ${stands}; found ${offset}`)
  }
}
