// A log with a spool before it is a log like any other.
import { join } from 'node:path'
import { logConformance } from './conformance.ts'
import { openSpooled } from './spooled-sqlite.ts'

logConformance({ open: openSpooled, writer: join(import.meta.dirname, 'spooled-writer.ts') })
