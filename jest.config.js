import { availableParallelism } from 'node:os'
import { join } from 'node:path'

// Threads and processes that tests start load the same modules hundreds of times: what they compiled is kept, as `npm start` does.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache', 'compile')

// Tests run as ES modules, as the code itself does: see the `test` scripts for the flag Node needs for it.
export default {
  testMatch: ['<rootDir>/{functions,kafka,knative,local,scripts,test}/**/*.test.ts'],
  testEnvironment: '<rootDir>/test/jest-environment.js',
  // More than there are cores, as many tests wait most of the time: for brokers, timers, other processes.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Real processes on a busy machine take their time; a test that hangs is still ended.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/(dist|data|\\.cache)/'],
}
