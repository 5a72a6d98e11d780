// The crash writer on the embedded log: `node sqlite-writer.ts <folder>`.
import { write } from './crash-writer.ts'
import { openSqlite } from './sqlite.ts'

await write(await openSqlite(process.argv[2] as string))
