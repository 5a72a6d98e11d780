import type { BuildOptions } from 'esbuild'

/** Options of esbuild: everything that a file imports in one module for Node. */
export const oneModule = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // Identifiers keep their names, so that stack traces can be read.
  minifySyntax: true,
  minifyWhitespace: true,
} as const satisfies BuildOptions
