import Kitsu from 'kitsu'
import { brief, run } from './scenario.mjs'

run({
  connect(baseURL, token) {
    const headers = { Authorization: `Bearer ${token}` }
    const api = new Kitsu({ baseURL, headers, pluralize: false, camelCaseTypes: false, resourceCase: 'none' })
    // kitsu derives both type and path from one word. With these options the type
    // is the word itself, and this returns the path.
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
