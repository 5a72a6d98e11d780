import { write } from './crash-writer.ts'
import { openSpooled } from './spooled-sqlite.ts'

await write(await openSpooled(process.argv[2] as string))
