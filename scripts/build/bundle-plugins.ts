// The plugins of esbuild with which a function becomes one file: what the repository reads from folders is imported, what is never used
// is left out.
import { glob, readdir, readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { build, type Plugin, transform } from 'esbuild'
import { oneModule } from './one-module.ts'

/** The repository finds field types by reading their folder. A bundle has no such folder, so it imports them by name. */
const fieldTypes: Plugin = {
  name: 'field-types',
  setup({ onLoad }) {
    onLoad({ filter: /\/kit\/forms\/find-field-types\.ts$/ }, async ({ path }) => {
      const resolveDir = join(path, '..')
      const files = (await readdir(join(resolveDir, 'fields')))
        .filter((file) => /^[a-z-]+\.ts$/.test(file))
        .toSorted()
      const imports = files.map((file, n) => `import type${n} from './fields/${file}'`)
      const entries = files.map((file, n) => `['${file.slice(0, -'.ts'.length)}', type${n}]`)
      const found = `export const findFieldTypes = async () => new Map([${entries.join(', ')}])`
      return { contents: [...imports, found].join('\n'), resolveDir }
    })
  },
}

/** Lua scripts are read from their folder; a bundle has none, so there their texts are imported. */
const luaScripts: Plugin = {
  name: 'lua-scripts',
  setup({ onLoad }) {
    onLoad({ filter: /\/read-lua\.ts$/ }, async ({ path }) => {
      const resolveDir = join(path, '../lua')
      const names = (await readdir(resolveDir)).map((file) => file.slice(0, -'.lua'.length))
      const imports = names.map((name, n) => `import lua${n} from './${name}.lua'`)
      const entries = names.map((name, n) => `'${name}': lua${n}`)
      const read = `const texts = { ${entries.join(', ')} }; export const readLua = (name) => texts[name]`
      return { contents: [...imports, read].join('\n'), resolveDir }
    })
  },
}

/** The same for the scripts of the endpoint's pages, `<part>/browser/<name>.js`. They are minified, as browsers load them. */
const browserScripts: Plugin = {
  name: 'browser-scripts',
  setup({ onLoad }) {
    onLoad({ filter: /\/form-endpoint\/script-texts\.ts$/ }, async ({ path }) => {
      const folder = join(path, '..')
      const texts: Record<string, string> = {}
      for await (const file of glob('*/browser/*.js', { cwd: folder })) {
        const text = await readFile(join(folder, file), 'utf8')
        texts[file] = (await transform(text, { minify: true, format: 'esm' })).code
      }
      const contents = `const texts = ${JSON.stringify(texts)}; export const textOf = (path) => texts[path]`
      return { contents }
    })
  },
}

const workerUrl = "new URL('./store-worker.ts', import.meta.url)"

/** The thread of the endpoint's spool starts from a file; a bundle is one file, so there it starts from a data: URL. */
const storeWorker: Plugin = {
  name: 'store-worker',
  setup({ onLoad }) {
    onLoad({ filter: /\/sqlite\/store-thread\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes(workerUrl)) throw new Error(`Expected ${workerUrl} in ${path}`)
      const { outputFiles } = await build({
        ...oneModule,
        entryPoints: [join(path, '../store-worker.ts')],
        write: false,
      })
      const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
      const url = `new URL('data:text/javascript;base64,${code}')`
      return {
        contents: source.replace(workerUrl, url),
        loader: 'ts',
        resolveDir: join(path, '..'),
      }
    })
  },
}

/**
 * Leaves out what fastify loads for routes with a JSON Schema, and for tests: a fifth of a bundle, which Node would parse at each start.
 * No route has a schema, because requests are checked with zod.
 */
const unusedParts: Plugin = {
  name: 'unused-parts',
  setup({ onResolve, onLoad }) {
    const namespace = 'unused-part'
    const filter =
      /^(@fastify\/ajv-compiler|@fastify\/fast-json-stringify-compiler|light-my-request)$/
    onResolve({ filter }, ({ path }) => ({ path, namespace }))
    onLoad({ filter: /./, namespace }, ({ path }) => {
      const message = JSON.stringify(
        `${path} is not part of a bundle: scripts/build/bundle-plugins.ts`,
      )
      return { contents: `module.exports = () => () => { throw new Error(${message}) }` }
    })
  },
}

/**
 * Turns imports of Node's built-in modules into require: an import evaluates all exports of a module at once, and those of node:http
 * include getters that load another HTTP client.
 */
const builtIns: Plugin = {
  name: 'built-ins',
  setup({ onResolve, onLoad }) {
    const namespace = 'built-in'
    onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace } : undefined,
    )
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `module.exports = require('${path}')`,
    }))
  },
}

export const plugins = [fieldTypes, luaScripts, browserScripts, storeWorker, unusedParts, builtIns]
