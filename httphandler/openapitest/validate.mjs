// Reads exchanges from the file, one a line, and prints for each what
// express-openapi-validator says of the request and of the answer, if they are to be judged: ''
// if they are valid.
import { createReadStream, readFileSync } from 'node:fs'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import express from 'express'
import * as validator from 'express-openapi-validator'

const [documentFile, exchangesFile] = process.argv.slice(2)
const mediaType = 'application/vnd.api+json'
const decode = base64 => Buffer.from(base64 ?? '', 'base64')

const app = express()
app.use(express.json({ type: mediaType, limit: '4mb', strict: false }))
app.use(validator.middleware({
  apiSpec: JSON.parse(readFileSync(documentFile)),
  validateSecurity: false,
  validateResponses: true
}))
app.use(({ exchange }, response) => {
  if (!exchange) return response.end('')
  for (const [name, values] of Object.entries(exchange.AnswerHeader)) response.setHeader(name, values[0])
  response.status(exchange.Status).json(JSON.parse(decode(exchange.Answer)))
})
app.use((error, request, response, next) => { // Express counts the parameters
  response.status(299).end(error.message)
})

// verdict returns what the validator says of the request, and of the answer of the exchange if
// there is one. All is in memory: a socket would take longer than the validator.
function verdict(path, headers, body, exchange) {
  const request = Object.assign(new IncomingMessage(socket), { method: 'PATCH', url: path, complete: true, exchange })
  for (const [name, value] of Object.entries({ ...headers, 'Content-Length': body.length })) {
    request.headers[name.toLowerCase()] = String(value).trim()
  }
  request.push(body)
  request.push(null)
  const response = new ServerResponse(request)
  return new Promise(resolve => {
    response.end = text => resolve(response.statusCode === 299 ? text : '')
    app(request, response)
  })
}

const socket = new Socket()
const someId = '00000000-0000-0000-0000-000000000000'
const ofRequest = e => verdict(e.Path, e.Header, decode(e.Body))
const ofAnswer = e => verdict('/users/' + someId, { 'Content-Type': mediaType }, JSON.stringify({ data: { type: 'User', id: someId } }), e)

for await (const line of createInterface({ input: createReadStream(exchangesFile) })) {
  const exchange = JSON.parse(line)
  console.log(JSON.stringify({
    request: exchange.Request ? await ofRequest(exchange) : '',
    answer: exchange.New ? await ofAnswer(exchange) : ''
  }))
}
