// Only the record that blocks a partition can be skipped: the next one to be read.

interface RecordPosition {
  topic: string
  partition: number
  offset: number
}

/**
 * Throws unless the record is the next one to be read. `position`: the first offset of its partition that is not handled, and
 * the partition's end; undefined if there is no such partition.
 */
export function expectNextRecord(
  position: { offset: number; end: number } | undefined,
  { topic, partition, offset }: RecordPosition,
): void {
  const name = `${topic}/${partition}`
  if (!position) throw new Error(`Expected a partition of ${topic}, found ${partition}`)
  if (position.offset >= position.end) {
    throw new Error(`Expected a record to skip in ${name}, found its end at ${position.offset}`)
  }
  if (position.offset !== offset) {
    throw new Error(`Expected the next offset of ${name}, ${position.offset}, found ${offset}`)
  }
}
