import { JSONAPISource } from '@orbit/jsonapi'
import { MemorySource } from '@orbit/memory'
import { schema } from './orbit-schema.mjs'

// An app that caches answers in a memory source while somebody else clears other
// attributes. It prints its cache after each of its own patches.
const { BASE_URL: host, USER_ID: id, TOKEN } = process.env

const headers = { Authorization: `Bearer ${TOKEN}` }
const connect = () => new JSONAPISource({ schema, host, defaultFetchSettings: { headers } })
const [app, other] = [connect(), connect()]
const memory = new MemorySource({ schema })

const patch = (source, attributes) => source.update((t) => t.updateRecord({ type: 'User', id, attributes }))
const patchAndCache = async (attributes) => {
  const answer = await patch(app, attributes)
  await memory.update((t) => t.updateRecord(answer))
  const { firstName, lastName, address } = memory.cache.getRecordSync({ type: 'User', id }).attributes
  return { firstName, lastName, address }
}

const before = await patchAndCache({ firstName: 'Jane' })
await patch(other, { lastName: null, address: { region: null } })
const withoutName = await patchAndCache({ firstName: 'Joan' })
await patch(other, { address: null })
const withoutAddress = await patchAndCache({ firstName: 'June' })
console.log(JSON.stringify({ before, withoutName, withoutAddress }, null, 2))
