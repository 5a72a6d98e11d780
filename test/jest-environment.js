// Jest's environment for Node, faster: temporary files in memory, and an ordinary global object.
import { existsSync, statfsSync } from 'node:fs'
import { relative } from 'node:path'
import vm from 'node:vm'
import { TestEnvironment } from 'jest-environment-node'

/** A file system in memory, on Linux. It can be too small in a container. */
const memory = '/dev/shm'
const hasMemory = existsSync(memory) && free(memory) > 2 ** 30
const { TMPDIR } = process.env

function free(folder) {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export default class extends TestEnvironment {
  constructor(config, context) {
    // Unit tests write many small databases. On a disk they take twice the time, because every commit waits for it.
    const isUnitTest = !relative(config.projectConfig.rootDir, context.testPath).startsWith('test')
    if (hasMemory && isUnitTest) process.env.TMPDIR = memory
    // Jest's global object is intercepted by node:vm at every use of Math, Buffer or String, which doubles the time of tests that
    // compute. DONT_CONTEXTIFY gives an ordinary object.
    const { createContext } = vm
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY)
    try {
      super(config, context)
    } finally {
      vm.createContext = createContext
    }
  }

  async teardown() {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    await super.teardown()
  }
}
