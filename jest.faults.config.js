// `npm run test:faults`: the long versions of the fault tests. One worker, because each needs the whole machine.
import tests from './jest.config.js'

export default { ...tests, testMatch: ['<rootDir>/test/**/*.faults.ts'], maxWorkers: 1 }
