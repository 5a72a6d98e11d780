// `npm run test:unit`: the tests beside the code, without those that start processes and wait for them. `npm test` runs all.
import tests from './jest.config.js'

const startProcesses = [
  'functions/kit/main',
  'functions/kit/start-up',
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
    ...startProcesses.map((path) => `<rootDir>/${path}\\.test\\.ts$`),
  ],
}
