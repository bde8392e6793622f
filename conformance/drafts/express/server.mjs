// PATCH /users/{userId} in Express, with its own JSON parser and content negotiation.
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import express from 'express';

const MEDIA_TYPE = 'application/vnd.api+json';
const { users, tokens } = JSON.parse(readFileSync(new URL('../users.json', import.meta.url)));

class HttpError extends Error {
  constructor(status, code, title, pointer) {
    super(title);
    Object.assign(this, { status, code, pointer });
  }
}

const string = (value) => typeof value === 'string';
const matching = (pattern) => (value) => string(value) && pattern.test(value);
const attributes = {
  firstName: string,
  lastName: string,
  email: matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/),
  phoneNumber: matching(/^[+\d\s().-]+$/),
  pictureUrl: (value) => URL.canParse(value),
  gender: (value) => ['male', 'female', 'other'].includes(value),
  birthDate: (value) => !Number.isNaN(Date.parse(value)),
  address: (value) => typeof value === 'object',
  locale: matching(/^[a-z]{2}(-[A-Z]{2})?$/),
  zoneInfo: string,
};

function authenticate(req, res, next) {
  const token = req.get('Authorization')?.replace('Bearer ', '');
  if (!tokens[token]) throw new HttpError(401, 'unauthorized', 'OAuth token missing or invalid');
  if (!tokens[token].linked) throw new HttpError(401, 'missing-linked-identity', 'Missing linked identity for authorized access');
  if (!tokens[token].write) throw new HttpError(403, 'forbidden', 'Forbidden');
  next();
}

function negotiate(req, res, next) {
  if (!req.accepts(MEDIA_TYPE)) throw new HttpError(406, 'not-acceptable', 'The specified accept header is invalid');
  if (!req.is(MEDIA_TYPE)) throw new HttpError(415, 'unsupported-media-type', 'The specified content type header is invalid');
  next();
}

function validate(req) {
  const { data } = req.body;
  if (data?.type !== 'User') throw new HttpError(422, 'invalid', 'The type must be User', '/data/type');
  if (data.id !== req.params.userId) throw new HttpError(422, 'invalid', 'The id must be that of the URL', '/data/id');
  const patch = {};
  for (const [name, value] of Object.entries(data.attributes ?? {})) {
    if (!(name in attributes)) continue;
    if (value !== null && !attributes[name](value)) {
      throw new HttpError(422, 'invalid', `${name} is not valid`, `/data/attributes/${name}`);
    }
    patch[name] = value;
  }
  return patch;
}

const app = express();
app.use(express.json({ type: MEDIA_TYPE }));

app.patch('/users/:userId', authenticate, negotiate, (req, res) => {
  const user = users[req.params.userId];
  if (!user) throw new HttpError(404, 'not-found', 'Resource not found');
  const { address, ...patch } = validate(req);
  Object.assign(user, patch);
  if (address !== undefined) user.address = address && { ...user.address, ...address };
  res.type(MEDIA_TYPE).json({ data: { type: 'User', id: req.params.userId, attributes: user } });
});

app.use((error, req, res, next) => {
  const status = error.status ?? 501;
  const { code, pointer } = error;
  res.status(status).type(MEDIA_TYPE).json({
    errors: [{ id: randomUUID(), status: String(status), code, title: error.message, ...(pointer && { source: { pointer } }) }],
  });
});

app.listen(process.env.PORT, '127.0.0.1');
