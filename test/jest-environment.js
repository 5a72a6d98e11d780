// Jest's environment for Node, made fast.
import { existsSync, statfsSync } from 'node:fs'
import { relative } from 'node:path'
import vm from 'node:vm'
import { TestEnvironment } from 'jest-environment-node'

/** A folder in memory, on Linux. Containers may have a very small one. */
const memory = '/dev/shm'
const hasMemory = existsSync(memory) && free(memory) > 2 ** 30
const { TMPDIR } = process.env

function free(folder) {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export default class extends TestEnvironment {
  constructor(config, context) {
    // Unit tests write many small databases, and each waits for the disk at every commit: on a disk they take twice the time.
    const isUnitTest = !relative(config.projectConfig.rootDir, context.testPath).startsWith('test')
    if (hasMemory && isUnitTest) process.env.TMPDIR = memory
    // Jest's own global object is a Proxy behind an interceptor of node:vm, which every use of Math, Buffer or String goes
    // through: with it tests that compute take twice the time. This one is an ordinary object.
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
