import { availableParallelism } from 'node:os'
import { join } from 'node:path'

// Threads and processes of tests load the same modules hundreds of times: a cache on disk keeps the compiled code, as in `npm start`.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache', 'compile')

// Tests run as ES modules, like the code. The `test` scripts in package.json set the flag that Node needs for it.
export default {
  testMatch: ['<rootDir>/{functions,kafka,knative,local,scripts,test}/**/*.test.ts'],
  globalSetup: '<rootDir>/test/fetch-kafka.ts',
  testEnvironment: '<rootDir>/test/jest-environment.js',
  // More workers than cores, because many tests wait most of the time: for brokers, timers, other processes.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Long enough to start real processes on a busy machine.
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
