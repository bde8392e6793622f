import { JSONAPISource } from '@orbit/jsonapi'
import { schema } from './orbit-schema.mjs'
import { brief, run } from './scenario.mjs'

run({
  connect(host, token) {
    const headers = { Authorization: `Bearer ${token}` }
    const source = new JSONAPISource({ schema, host, defaultFetchSettings: { headers } })
    return (id, attributes) => source.update((t) => t.updateRecord({ type: 'User', id, attributes }))
  },
  attributesOf: (record) => record.attributes,
  failureOf: (error) => ({
    name: error.constructor.name,
    status: error.response?.status,
    errors: error.data?.errors?.map(brief) ?? String(error)
  })
})
