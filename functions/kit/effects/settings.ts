// The settings of every task that has effects.
import { redisSettings } from '../redis/settings.ts'
import { DATA_DIR } from '../settings.ts'

export const effectSettings = { DATA_DIR, ...redisSettings }
