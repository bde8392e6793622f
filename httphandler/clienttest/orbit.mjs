import { JSONAPISource } from '@orbit/jsonapi'
import { RecordSchema } from '@orbit/records'
import { brief, run } from './scenario.mjs'

// The model is named as the type is; its URL is /users without being told.
// createdAt and birthDate are strings: a Date keeps no microseconds, and a
// "date" shifts with the time zone.
const schema = new RecordSchema({
  models: {
    User: {
      attributes: {
        firstName: { type: 'string' },
        lastName: { type: 'string' },
        email: { type: 'string' },
        phoneNumber: { type: 'string' },
        pictureUrl: { type: 'string' },
        gender: { type: 'string' },
        createdAt: { type: 'string' },
        birthDate: { type: 'string' },
        address: { type: 'object' },
        locale: { type: 'string' },
        zoneInfo: { type: 'string' }
      }
    }
  }
})

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
