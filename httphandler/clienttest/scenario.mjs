// The steps of every client. They print one JSON document with each answer as the
// client understood it, in the client's own shape.

const { BASE_URL, USER_ID, TOKEN, UNLINKED_TOKEN } = process.env

const change = { firstName: 'Jane', lastName: null, address: { houseNo: '19a', region: null } }
const invalid = { gender: 'robot', address: { country: 'Germany' } }

// connect(baseURL, token) returns a function update(id, attributes), which
// resolves to the client's record. attributesOf returns the attributes of a
// record, failureOf what the client reports about an error.
export async function run({ connect, attributesOf, failureOf }) {
  const refused = async (token, attributes) => {
    let record
    try {
      record = await connect(BASE_URL, token)(USER_ID, attributes)
    } catch (error) {
      return failureOf(error)
    }
    return { accepted: record }
  }
  const update = connect(BASE_URL, TOKEN)
  const updated = await update(USER_ID, change)
  // Load, edit, save: the whole record goes back, createdAt included.
  const saved = await update(USER_ID, { ...attributesOf(updated), locale: 'en-GB' })
  const understood = {
    updated,
    saved,
    invalid: await refused(TOKEN, invalid),
    invalidToken: await refused('no-such-token', change),
    unlinked: await refused(UNLINKED_TOKEN, change)
  }
  console.log(JSON.stringify(understood, null, 2))
}

// brief returns the members of an error object that programs use.
export const brief = ({ status, code, source }) => ({ status, code, pointer: source?.pointer })
