// `npm run test:unit`: the tests beside the code, for a check within a minute. `npm test` runs all.
import tests from './jest.config.js'

/** They start processes and wait for them, or work through megabytes. */
const slow = [
  'functions/kit/forms/files/form-file',
  'functions/kit/main',
  'functions/kit/start-up',
  'kafka/log/kafka/codecs',
  'local/knative/function-process',
  'local/knative/platform',
  'local/sheets/main',
  'scripts/build/sbom',
  'scripts/forms',
]

export default {
  ...tests,
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/',
    ...slow.map((path) => `<rootDir>/${path}\\.test\\.ts$`),
  ],
}
