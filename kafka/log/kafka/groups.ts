// The names of consumer groups. They have a prefix, so that another program with a group named `sheets` takes no partitions away.
import kafkajs, { type Admin } from 'kafkajs'

export const clientId = 'formstream'
const defaultPrefix = 'formstream.'

export const groupIdOf = (plain: string, prefix = defaultPrefix): string => prefix + plain

/** Of these groups those that an instance reads by now, also one from before there was a prefix. */
export async function membersOf(admin: Admin, plain: string[], prefix?: string): Promise<string[]> {
  const names = plain.flatMap((name) => [name, groupIdOf(name, prefix)])
  const { groups } = await admin.describeGroups(names)
  const read = new Set(
    groups
      .filter(({ members }) => members.some((member) => member.clientId === clientId))
      .map(({ groupId }) => groupId),
  )
  return plain.filter((name) => read.has(name) || read.has(groupIdOf(name, prefix)))
}

interface Group {
  topic: string
  /** Without the prefix: what the group was called before there was one, and what a KafkaSource calls it. */
  plain: string
  groupId: string
}

/**
 * Before joining: a group that has committed nothing goes on where the one without the prefix was. While an older instance still
 * reads by that name both get each event; ids are the same, so the effects are.
 */
export async function takeOver(admin: Admin, { topic, plain, groupId }: Group): Promise<void> {
  const committed = async (group: string) => {
    const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    return (found?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0)
  }
  const before = await committed(plain).catch(unlessForbidden([]))
  if (before.length === 0 || (await committed(groupId)).length > 0) return
  const partitions = before.map(({ partition, offset }) => ({ partition, offset }))
  // Throws while the group has members: another instance does the same now, and it is there at the next try.
  await admin.setOffsets({ groupId, topic, partitions })
}

/** A KafkaSource reads by the plain name: beside it each event would be handled twice, on two machines. */
export async function expectNoOthers(admin: Admin, { topic, plain }: Group): Promise<void> {
  const { groups } = await admin.describeGroups([plain]).catch(unlessForbidden({ groups: [] }))
  const others = groups
    .flatMap(({ members }) => members)
    .filter((member) => member.clientId !== clientId && topicsOf(member).includes(topic))
  if (others.length === 0) return
  throw new Error(
    `the group ${plain} has members of another program (a KafkaSource?), and events would be handled twice: ` +
      'stop one of the two, or set KAFKA_GROUP_PREFIX where that program is none of Formstream',
  )
}

const topicsOf = ({ memberMetadata }: { memberMetadata: Buffer }): string[] =>
  (memberMetadata.length > 0 &&
    kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics) ||
  []

/** Who may not even look at the group without the prefix never used it. */
const unlessForbidden =
  <Result>(none: Result) =>
  (error: Error & { type?: string }): Result => {
    if (error.type === 'GROUP_AUTHORIZATION_FAILED') return none
    throw error
  }
