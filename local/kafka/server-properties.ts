// Kafka's server.properties for one broker of a local cluster.

export interface BrokerAddress {
  id: number
  /** Number of brokers in the cluster. */
  of: number
  /** Host and port for clients. */
  address: string
  /** Returns the host and port of a broker's controller. */
  controller: (id: number) => string
  protocol: 'PLAINTEXT' | 'SASL_SSL'
  /** Data folder. */
  data: string
}

/** `more`: additional properties, which override the defaults. */
export function serverProperties(
  { id, of, address, controller, protocol, data }: BrokerAddress,
  more: Record<string, string> = {},
): string {
  const ids = Array.from({ length: of }, (_, index) => index + 1)
  const replicas = Math.min(3, of)
  const minInSync = Math.max(1, replicas - 1)
  const properties: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': ids.map((node) => `${node}@${controller(node)}`).join(','),
    listeners: `${protocol}://${address},CONTROLLER://${controller(id)}`,
    'advertised.listeners': `${protocol}://${address}`,
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,${protocol}:${protocol}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    'auto.create.topics.enable': 'false',
    'unclean.leader.election.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 6,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInSync,
    'group.initial.rebalance.delay.ms': 0,
    // Defaults are for servers: three brokers share one laptop.
    'num.io.threads': 4,
    'num.network.threads': 2,
    'log.cleaner.dedupe.buffer.size': 2 ** 21,
    ...more,
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
