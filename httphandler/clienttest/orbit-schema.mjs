import { RecordSchema } from '@orbit/records'

// The model is named as the type is; its URL is /users without being told.
// createdAt and birthDate are strings: a Date keeps no microseconds, and a
// "date" shifts with the time zone.
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
