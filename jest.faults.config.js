// `npm run test:faults`: the long forms of the tests of faults. Each takes the machine for itself: one worker.
import tests from './jest.config.js'

export default { ...tests, testMatch: ['<rootDir>/test/**/*.faults.ts'], maxWorkers: 1 }
