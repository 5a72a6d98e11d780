// Tests run as ES modules, as the code itself does: see the `test` scripts for the flag Node needs for it.
export default {
  testMatch: ['<rootDir>/{functions,kafka,knative,local,scripts,test}/**/*.test.ts'],
  testEnvironment: '<rootDir>/test/jest-environment.js',
  // Jest leaves a core to itself, which on two cores is half of them.
  maxWorkers: '100%',
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
