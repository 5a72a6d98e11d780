// Prometheus metric of the effects of tasks.
import { Counter } from 'prom-client'

export const unknownEffects = new Counter({
  name: 'formstream_effects_unknown_total',
  help: 'Attempts of effects that may have succeeded or not, as the process was killed or an answer was lost',
  labelNames: ['task'],
})
