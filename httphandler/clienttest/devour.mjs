import JsonApi from 'devour-client'
import { brief, run } from './scenario.mjs'

run({
  connect(apiUrl, bearer) {
    // The default error builder keeps only title and detail. It loses the code,
    // which tells a missing linked identity from an invalid token.
    const api = new JsonApi({ apiUrl, bearer, pluralize: false, logger: false, errorBuilder: brief })
    // Only attributes that are defined here are sent and read.
    const attributes = {
      firstName: '', lastName: '', email: '', phoneNumber: '', pictureUrl: '', gender: '',
      createdAt: '', birthDate: '', address: {}, locale: '', zoneInfo: ''
    }
    api.define('User', attributes, { type: 'User', collectionPath: 'users' })
    return async (id, changes) => (await api.update('User', { id, ...changes })).data
  },
  attributesOf: ({ id, type, ...attributes }) => attributes,
  // Maps the last segment of the pointer, or else the index, to the error.
  failureOf: (errors) => (errors instanceof Error ? String(errors) : errors)
})
