import { RecordSchema } from '@orbit/records'

// The model has the name of the type; Orbit derives the URL /users from it.
// createdAt and birthDate are strings, because a Date has no microseconds and a
// "date" depends on the time zone.
export const schema = new RecordSchema({
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
