// `npm run test:unit`: the tests beside the code, in less than a minute. `npm test` runs all tests.
import tests from './jest.config.js'

export default {
  ...tests,
  globalSetup: null, // needs no Kafka
  // Files named *.slow.test.ts start processes and wait for them, or process megabytes.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/', '\\.slow\\.test\\.ts$'],
}
