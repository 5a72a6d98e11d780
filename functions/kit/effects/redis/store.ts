// The ledger of effects in Redis, which the instances of a task share. One hash for each submission: effect → entry as JSON.
import { type RedisConfig, RedisConnection } from '../../redis/connection.ts'
import {
  type Attempt,
  type EffectStore,
  type Known,
  leaseTime,
  type UnknownPolicy,
} from '../port.ts'
import { readLua } from './read-lua.ts'

const beginEffect = readLua('begin-effect')
const endEffect = readLua('end-effect')

interface Options {
  task: string
  /** ms for which entries are kept. */
  keepTime: number
}

export class RedisEffects implements EffectStore {
  #options: Options
  #redis: RedisConnection

  /** Rejects if an operator has to change something, for instance if the server may lose writes. */
  static async open(config: RedisConfig, options: Options): Promise<RedisEffects> {
    return new RedisEffects(await RedisConnection.open(config), options)
  }

  private constructor(redis: RedisConnection, options: Options) {
    this.#redis = redis
    this.#options = options
  }

  async begin(attempt: Attempt, policy: UnknownPolicy): Promise<Known> {
    const values = [attempt.effect, attempt.attempt, leaseTime, policy, this.#options.keepTime]
    const reply = await this.#run(beginEffect, attempt, values)
    const { result, ...known } = JSON.parse(reply as string)
    return known.state === 'done' ? { ...known, result: JSON.parse(result) } : known
  }

  finish(attempt: Attempt, result: unknown): Promise<void> {
    return this.#end(attempt, 'done', JSON.stringify(result ?? null))
  }

  giveBack(attempt: Attempt): Promise<void> {
    return this.#end(attempt, 'free')
  }

  leave(attempt: Attempt): Promise<void> {
    return this.#end(attempt, 'unknown')
  }

  async #end(attempt: Attempt, state: 'done' | 'free' | 'unknown', result = ''): Promise<void> {
    await this.#run(endEffect, attempt, [attempt.effect, attempt.attempt, state, result])
  }

  #run(script: string, { submission }: Attempt, values: (string | number)[]): Promise<unknown> {
    const key = `formstream:effects:{${this.#options.task}:${submission}}`
    return this.#redis.write((redis) => redis.eval(script, 1, key, ...values))
  }

  problem(): string | undefined {
    return this.#redis.problem()
  }

  close(): Promise<void> {
    return this.#redis.close()
  }
}
