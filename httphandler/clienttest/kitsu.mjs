import Kitsu from 'kitsu'
import { brief, run } from './scenario.mjs'

run({
  connect(baseURL, token) {
    const headers = { Authorization: `Bearer ${token}` }
    const api = new Kitsu({ baseURL, headers, pluralize: false, camelCaseTypes: false, resourceCase: 'none' })
    // kitsu makes both type and path of one word: the options leave it alone for
    // the type, and this makes the path of it.
    api.resCase = (word) => (word === 'User' ? 'users' : word)
    return async (id, attributes) => {
      const { data, status, headers } = await api.patch('User', { id, ...attributes })
      return { status, mediaType: headers['content-type'], data }
    }
  },
  attributesOf: ({ data: { id, type, ...attributes } }) => attributes,
  failureOf: (error) => ({
    name: error.name,
    status: error.response?.status,
    errors: error.errors?.map(brief) ?? String(error)
  })
})
