import * as z from 'zod'

export const BuildEnvironment = z.object({
  DIST_DIR: z
    .string()
    .default('dist/functions')
    .describe('Folder that the functions are built into'),
})
