// The names of consumer groups. They have a prefix, so that another program with a group named `sheets` takes no partitions away.
import kafkajs, { type Admin } from 'kafkajs'

export const clientId = 'formstream'
const defaultPrefix = 'formstream.'

export const groupIdOf = (plain: string, prefix = defaultPrefix): string => prefix + plain

/** Those of the groups `plain` that an instance reads now, also an older instance that knows no prefix. */
export async function groupsInUse(
  admin: Admin,
  plain: string[],
  prefix?: string,
): Promise<string[]> {
  const names = plain.flatMap((name) => [name, groupIdOf(name, prefix)])
  const { groups } = await admin.describeGroups(names)
  const inUse = new Set(
    groups
      .filter(({ members }) => members.some((member) => member.clientId === clientId))
      .map(({ groupId }) => groupId),
  )
  return plain.filter((name) => inUse.has(name) || inUse.has(groupIdOf(name, prefix)))
}

interface Group {
  topic: string
  /** The name without a prefix, as older instances and KafkaSources use it. */
  plain: string
  groupId: string
}

/**
 * Lets a new group with prefix continue where the group without prefix stopped. While an older instance still reads by the plain
 * name, both receive each event; the ids are equal, so the effects are too.
 */
export async function copyUnprefixedOffsets(
  admin: Admin,
  { topic, plain, groupId }: Group,
): Promise<void> {
  const committed = async (group: string) => {
    const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    return (found?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0)
  }
  const before = await committed(plain).catch(unlessForbidden([]))
  if (before.length === 0 || (await committed(groupId)).length > 0) return
  const partitions = before.map(({ partition, offset }) => ({ partition, offset }))
  // Rejects while the group has members: another instance is copying the offsets, and the next attempt finds them.
  await admin.setOffsets({ groupId, topic, partitions })
}

/** Rejects if a KafkaSource reads the topic by the plain name: each event would be handled twice, on two machines. */
export async function expectNoOtherProgram(admin: Admin, { topic, plain }: Group): Promise<void> {
  const { groups } = await admin.describeGroups([plain]).catch(unlessForbidden({ groups: [] }))
  const others = groups
    .flatMap(({ members }) => members)
    .filter((member) => member.clientId !== clientId && topicsOf(member).includes(topic))
  if (others.length === 0) return
  throw new Error(
    `the group ${plain} has members of another program (a KafkaSource?), and events would be handled twice: ` +
      'stop one of the two, or set KAFKA_GROUP_PREFIX if that program is not part of Formstream',
  )
}

const topicsOf = ({ memberMetadata }: { memberMetadata: Buffer }): string[] =>
  (memberMetadata.length > 0 &&
    kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics) ||
  []

/** A user without access to the group of the plain name has never used it. */
const unlessForbidden =
  <Result>(none: Result) =>
  (error: Error & { type?: string }): Result => {
    if (error.type === 'GROUP_AUTHORIZATION_FAILED') return none
    throw error
  }
