// Fortune with its JSON:API serializer and its adapter for PostgreSQL, put together as
// their documentation shows. Arguments: the URL of the database, and a file with the
// users as JSON lines.
const fs = require('node:fs')
const http = require('node:http')
const fortune = require('fortune')
const fortuneHTTP = require('fortune-http')
const jsonAPI = require('fortune-json-api')
const postgres = require('fortune-postgres')

const record = {
  user: {
    firstName: String, lastName: String, email: String, phoneNumber: String, pictureUrl: String,
    gender: String, birthDate: String, address: Object, locale: String, zoneInfo: String, createdAt: Date
  }
}

// The hook checks the gender, and asks for an answer with the record: by itself, Fortune
// answers an update with 204 and nothing.
const genders = ['male', 'female', 'other']
const hooks = {
  user: [(context, user, update) => {
    if (!update) return user // it is created
    context.response.meta.updateModified = true
    const { gender } = update.replace ?? {}
    if (gender != null && !genders.includes(gender)) throw new fortune.errors.BadRequestError('gender')
    return update
  }]
}

async function main(url, file) {
  const store = fortune(record, { hooks, adapter: [postgres, { url }] })
  await store.connect()
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line))
  await store.create('user', lines.map(u => ({ id: u.id, createdAt: new Date(u.createdAt), ...u.attributes })))
  const listen = fortuneHTTP(store, { serializers: [[jsonAPI, { inflectKeys: false, jsonSpaces: 0 }]] })
  const server = http.createServer((request, response) => listen(request, response).catch(error => console.error(error)))
  server.listen(0, '127.0.0.1', () => console.log(`Listening on 127.0.0.1:${server.address().port}`))
}

main(process.argv[2], process.argv[3])
