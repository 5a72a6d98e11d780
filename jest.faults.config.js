// `npm run test:faults`: the long tests, named *.faults.ts: outages and kills under load, several instances, foreign producers, TLS and
// passwords. Most of them need the whole machine, so one worker runs them.
import tests from './jest.config.js'

export default { ...tests, testMatch: ['<rootDir>/test/**/*.faults.ts'], maxWorkers: 1 }
