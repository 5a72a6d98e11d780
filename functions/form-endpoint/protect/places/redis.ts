// Places in Redis, which several endpoints share.
import { type RedisConfig, RedisConnection } from '#kit/redis/connection.ts'
import type { Holder, Places } from './port.ts'
import { readLua } from './read-lua.ts'

const takePlace = readLua('take-place')
const giveBackPlace = readLua('give-back-place')

const keyOf = (form: string): string => `formstream:places:{${form}}`

export class RedisPlaces implements Places {
  #redis: RedisConnection

  /** Rejects if an operator has to change something, for instance if the server may lose writes. */
  static async open(config: RedisConfig): Promise<RedisPlaces> {
    return new RedisPlaces(await RedisConnection.open(config))
  }

  private constructor(redis: RedisConnection) {
    this.#redis = redis
  }

  async take({ form, id }: Holder, limit: number): Promise<boolean> {
    const taken = await this.#redis.write((redis) =>
      redis.eval(takePlace, 1, keyOf(form), id, limit),
    )
    return taken === 1
  }

  async giveBack({ form, id }: Holder): Promise<void> {
    await this.#redis.write((redis) => redis.eval(giveBackPlace, 1, keyOf(form), id))
  }

  async isFull(form: string, limit: number): Promise<boolean> {
    return (await this.#redis.ask((redis) => redis.hlen(keyOf(form)))) >= limit
  }

  close(): Promise<void> {
    return this.#redis.close()
  }
}
