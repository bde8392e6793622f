// Patches a user with the client that openapi-typescript and openapi-fetch make of the document, and
// prints what it understands of the answers.
import createClient from 'openapi-fetch'
import type { components, paths } from './api.js'

declare const console: { log: (text: string) => void }
declare const process: { env: Record<string, string> }
const { BASE_URL: baseUrl, USER_ID: userId, TOKEN, UNLINKED_TOKEN } = process.env

type Attributes = components['schemas']['UserPatchAttributes']

async function patch(token: string, attributes: Attributes) {
  const client = createClient<paths>({ baseUrl })
  const { data, error } = await client.PATCH('/users/{userId}', {
    params: { path: { userId } },
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/vnd.api+json' },
    body: { data: { type: 'User', id: userId, attributes } }
  })
  if (data) return data.data.attributes
  return error.errors.map(({ status, code, source }) => ({ status, code, pointer: source?.pointer }))
}

const change: Attributes = { firstName: 'Jane', lastName: null, address: { houseNo: '19a', region: null } }
// @ts-expect-error
const robot: Attributes = { gender: 'robot' }
const wrong: Attributes = { ...robot, email: 'nobody', address: { houseNo: -1 } }
// The compiler refuses these, too.
// @ts-expect-error
export const unknown: Attributes = { nickname: 'Jane' }
// @ts-expect-error
export const noText: Attributes = { address: { houseNo: true } }

console.log(JSON.stringify({
  patched: await patch(TOKEN, change),
  echoed: await patch(TOKEN, await patch(TOKEN, {}) as Attributes),
  cleared: await patch(TOKEN, { address: null }),
  wrong: await patch(TOKEN, wrong),
  invalidToken: await patch('no-such-token', change),
  unlinked: await patch(UNLINKED_TOKEN, change)
}))
