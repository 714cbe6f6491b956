// node broker.mjs MODULES PACKAGE PORT: aedes on 127.0.0.1:PORT (0: a free one, which it prints), from the node_modules in the folder MODULES.
import { createRequire } from 'node:module'
import { createServer } from 'node:net'

const [modules, name, port] = process.argv.slice(2)
const { Aedes } = await import(createRequire(`${modules}/package.json`).resolve(name))
const broker = await Aedes.createBroker()
const server = createServer(broker.handle)
server.listen(Number(port), '127.0.0.1', () => console.log(`aedes listens on 127.0.0.1:${server.address().port}`))
process.on('SIGTERM', () => {
  server.close()
  broker.close(() => process.exit(0))
})
