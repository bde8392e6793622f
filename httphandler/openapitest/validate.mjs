// Reads exchanges from the file, one a line, and prints for each what
// express-openapi-validator says of the request and of the answer, if they are to be judged: ''
// if they are valid. Two servers enforce the document: one for requests, one for answers.
import { createReadStream, readFileSync } from 'node:fs'
import http from 'node:http'
import { createInterface } from 'node:readline'
import express from 'express'
import * as validator from 'express-openapi-validator'

const [documentFile, exchangesFile] = process.argv.slice(2)
const mediaType = 'application/vnd.api+json'
const current = {} // the exchange that is judged

async function serve(options) {
  const app = express()
  app.use(express.json({ type: mediaType, limit: '4mb', strict: false }))
  app.use(validator.middleware({
    apiSpec: JSON.parse(readFileSync(documentFile)),
    validateSecurity: false,
    validateRequests: false,
    validateResponses: false,
    ...options
  }))
  app.use((request, response) => {
    for (const [name, values] of Object.entries(current.AnswerHeader)) response.setHeader(name, values[0])
    response.status(current.Status).json(JSON.parse(decode(current.Answer)))
  })
  app.use((error, request, response, next) => { // Express counts the parameters
    response.status(299).end(error.message)
  })
  const server = http.createServer(app).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  return server
}

// verdict returns what the server says: '' if it let the exchange through.
function verdict(server, path, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.address().port, agent, method: 'PATCH', path }
    const request = http.request({ ...options, headers: { ...headers, 'Content-Length': body.length } }, response => {
      let text = ''
      response.on('data', chunk => { text += chunk })
      response.on('end', () => resolve(response.statusCode === 299 ? text : ''))
    })
    request.on('error', reject)
    request.end(body)
  })
}

const decode = base64 => Buffer.from(base64 ?? '', 'base64')
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
const requests = await serve({ validateRequests: true })
const answers = await serve({ validateResponses: true })
for await (const line of createInterface({ input: createReadStream(exchangesFile) })) {
  Object.assign(current, JSON.parse(line))
  console.log(JSON.stringify({
    request: current.Request ? await verdict(requests, current.Path, current.Header, decode(current.Body)) : '',
    answer: current.New ? await verdict(answers, '/users/x', {}, '') : ''
  }))
}
agent.destroy()
requests.close()
answers.close()
