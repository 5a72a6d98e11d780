// `npm run test:unit`: the tests beside the code, for a check within a minute. `npm test` runs all.
import tests from './jest.config.js'

export default {
  ...tests,
  // Tests named *.slow.test.ts start processes and wait for them, or work through megabytes.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/', '\\.slow\\.test\\.ts$'],
}
