// PATCH /users/{userId} in Fortune with its JSON:API serializer: a schema, hooks, and no
// code for the requests.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import fortune from 'fortune';
import fortuneHTTP from 'fortune-http';
import jsonApiSerializer from 'fortune-json-api';

const { users, tokens } = JSON.parse(readFileSync(new URL('../users.json', import.meta.url)));
const { BadRequestError, ForbiddenError, UnauthorizedError } = fortune.errors;

const schema = {
  User: {
    firstName: String,
    lastName: String,
    email: String,
    phoneNumber: String,
    pictureUrl: String,
    gender: String,
    createdAt: Date,
    birthDate: Date,
    address: Object,
    locale: String,
    zoneInfo: String,
  },
};

function authenticate({ request: { meta } }) {
  const token = meta.headers.authorization?.replace('Bearer ', '');
  if (!tokens[token]) throw new UnauthorizedError('OAuth token missing or invalid');
  if (!tokens[token].linked) throw new UnauthorizedError('Missing linked identity for authorized access');
  if (!tokens[token].write) throw new ForbiddenError('Forbidden');
}

// input checks an update before it is stored; records that are created come from the fixtures.
function input(context, record, update) {
  if (context.request.method !== 'update') return record;
  authenticate(context);
  const { replace = {} } = update;
  delete replace.createdAt;
  if (replace.email && !/^[^\s@]+@[^\s@]+$/.test(replace.email)) throw new BadRequestError('email is invalid');
  if (replace.gender && !['male', 'female', 'other'].includes(replace.gender)) throw new BadRequestError('gender is invalid');
  if (replace.address) replace.address = { ...record.address, ...replace.address };
  return update;
}

function output(context, record) {
  return record;
}

const store = fortune(schema, { hooks: { User: [input, output] } });
await store.create('User', Object.entries(users).map(([id, { createdAt, birthDate, ...user }]) => (
  { id, ...user, createdAt: new Date(createdAt), ...(birthDate && { birthDate: new Date(birthDate) }) })));

// The serializer's names are those of its URLs: /users and first-name, unless told otherwise.
const listener = fortuneHTTP(store, {
  serializers: [[jsonApiSerializer, { inflectType: false, inflectKeys: false }]],
});
http.createServer((request, response) => {
  request.url = request.url.replace(/^\/users\//, '/User/');
  listener(request, response).catch(() => {}); // it has answered
}).listen(process.env.PORT, '127.0.0.1');
