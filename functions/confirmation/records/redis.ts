// The records in Redis, which several instances share.
import { type RedisConfig, RedisConnection } from '#kit/redis/connection.ts'
import { hashAddress } from './hash-address.ts'
import { hour, maxPerHour, type Recipient, type Records, refusalTime } from './port.ts'
import { readLua } from './read-lua.ts'

const admitMail = readLua('admit-mail')

const mailsOf = (address: string): string => `formstream:mails:${hashAddress(address)}`
const refusedKey = ({ address, form }: Recipient): string =>
  `formstream:mail-refused:${hashAddress(address, form)}`

export class RedisRecords implements Records {
  #redis: RedisConnection

  /** Rejects if an operator has to change something, for instance if the server may lose writes. */
  static async open(config: RedisConfig): Promise<RedisRecords> {
    return new RedisRecords(await RedisConnection.open(config))
  }

  private constructor(redis: RedisConnection) {
    this.#redis = redis
  }

  async admit(address: string, id: string): Promise<boolean> {
    // A count that a failover loses lets a few more mails through.
    const admitted = await this.#redis.ask((redis) =>
      redis.eval(admitMail, 1, mailsOf(address), id, Date.now(), hour, maxPerHour),
    )
    return admitted === 1
  }

  async isRefused(recipient: Recipient): Promise<boolean> {
    return (await this.#redis.ask((redis) => redis.exists(refusedKey(recipient)))) === 1
  }

  async refuse(recipient: Recipient): Promise<void> {
    await this.#redis.write((redis) => redis.set(refusedKey(recipient), '1', 'PX', refusalTime))
  }

  problem(): string | undefined {
    return this.#redis.problem()
  }

  close(): Promise<void> {
    return this.#redis.close()
  }
}
