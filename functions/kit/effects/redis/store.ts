// The ledger of effects in Redis, which the instances of a task share. One hash for each submission: effect → entry as JSON.
import { type RedisConfig, RedisConnection } from '../../redis/connection.ts'
import { keepTime } from '../keep-time.ts'
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

export class RedisEffects implements EffectStore {
  #task: string
  #redis: RedisConnection

  /** Rejects if an operator has to change something, for instance if the server may lose writes. */
  static async open(task: string, config: RedisConfig): Promise<RedisEffects> {
    return new RedisEffects(task, await RedisConnection.open(config))
  }

  private constructor(task: string, redis: RedisConnection) {
    this.#task = task
    this.#redis = redis
  }

  async begin(attempt: Attempt, policy: UnknownPolicy): Promise<Known> {
    const values = [attempt.effect, attempt.attempt, leaseTime, policy, keepTime]
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
    const key = `formstream:effects:{${this.#task}:${submission}}`
    return this.#redis.write((redis) => redis.eval(script, 1, key, ...values))
  }

  problem(): string | undefined {
    return this.#redis.problem()
  }

  close(): Promise<void> {
    return this.#redis.close()
  }
}
