// Tests run as ES modules, as the code itself does: see the `test` scripts for the flag Node needs for it.
export default {
  testMatch: ['<rootDir>/{functions,kafka,scripts,test}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/(dist|data|\\.cache)/'],
}
