// Imported first by each command: what is wrong is said in one line; a stack would say nothing more to who typed it.

process.on('uncaughtException', (error) => {
  console.error(error.message)
  process.exit(1)
})
