// What the command json-server does with a file, on a free port, which it prints.
const jsonServer = require('json-server')
const low = require('lowdb')
const FileAsync = require('lowdb/adapters/FileAsync')

async function main(file) {
  const app = jsonServer.create()
  app.use(jsonServer.defaults({ logger: false, bodyParser: true }))
  app.use(jsonServer.router(await low(new FileAsync(file))))
  const server = app.listen(0, '127.0.0.1', () => console.log(`Listening on 127.0.0.1:${server.address().port}`))
}

main(process.argv[2])
