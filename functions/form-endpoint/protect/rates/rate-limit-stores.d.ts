// The stores of @fastify/rate-limit without its plugin, which limits routes and not forms. The package has no types for them.
interface Store {
  incr(
    key: string,
    done: (error: Error | null, result: { current: number; ttl: number } | null) => void,
    timeWindow: number,
    max: number,
  ): void
}

declare module '@fastify/rate-limit/store/LocalStore.js' {
  export default class LocalStore implements Store {
    constructor(continueExceeding: boolean, exponentialBackoff: boolean, maxKeys: number)
    incr: Store['incr']
  }
}

declare module '@fastify/rate-limit/store/RedisStore.js' {
  import type { Redis } from 'ioredis'
  export default class RedisStore implements Store {
    constructor(
      continueExceeding: boolean,
      exponentialBackoff: boolean,
      redis: Redis,
      prefix: string,
    )
    incr: Store['incr']
  }
}
