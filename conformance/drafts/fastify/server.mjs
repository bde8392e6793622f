// PATCH /users/{userId} in Fastify, validated by a schema of the route.
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';

const MEDIA_TYPE = 'application/vnd.api+json';
const { users, tokens } = JSON.parse(readFileSync(new URL('../users.json', import.meta.url)));

const text = { type: 'string', nullable: true };
const attributes = {
  type: 'object',
  additionalProperties: false,
  properties: {
    firstName: text,
    lastName: text,
    email: { ...text, format: 'email' },
    phoneNumber: text,
    pictureUrl: { ...text, format: 'uri' },
    gender: { ...text, enum: ['male', 'female', 'other', null] },
    createdAt: { type: 'string', format: 'date-time' },
    birthDate: { ...text, format: 'date-time' },
    address: {
      type: 'object',
      nullable: true,
      additionalProperties: false,
      properties: {
        country: text,
        locality: text,
        street: text,
        houseNo: { type: 'integer', nullable: true },
        additionalAddressLink: text,
        region: text,
        postalCode: { type: 'integer', nullable: true },
      },
    },
    locale: text,
    zoneInfo: text,
  },
};

const schema = {
  params: { type: 'object', properties: { userId: { type: 'string', format: 'uuid' } } },
  body: {
    type: 'object',
    required: ['data'],
    properties: {
      data: {
        type: 'object',
        required: ['type', 'id'],
        properties: { type: { const: 'User' }, id: { type: 'string', format: 'uuid' }, attributes },
      },
    },
  },
};

const app = Fastify();

app.addContentTypeParser(MEDIA_TYPE, { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));

function problem(statusCode, code, message, pointer) {
  return Object.assign(new Error(message), { statusCode, code, pointer });
}

app.addHook('onRequest', async (request) => {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  const grant = scheme === 'Bearer' && tokens[token];
  if (!grant) throw problem(401, 'unauthorized', 'OAuth token missing or invalid');
  if (!grant.linked) throw problem(401, 'missing-linked-identity', 'Missing linked identity for authorized access');
  if (!grant.write) throw problem(403, 'forbidden', 'Forbidden');
  if (request.headers.accept && ![MEDIA_TYPE, '*/*'].includes(request.headers.accept)) {
    throw problem(406, 'not-acceptable', 'The specified accept header is invalid');
  }
});

app.patch('/users/:userId', { schema }, async (request, reply) => {
  const { userId } = request.params;
  const user = users[userId];
  if (!user) throw problem(404, 'not-found', 'Resource not found');
  if (request.body.data.id !== userId) throw problem(422, 'invalid', 'The id must be that of the URL', '/data/id');
  const { address, createdAt, ...patch } = request.body.data.attributes ?? {};
  Object.assign(user, patch);
  if (address !== undefined) user.address = address && { ...user.address, ...address };
  reply.type(MEDIA_TYPE);
  return { data: { type: 'User', id: userId, attributes: user } };
});

app.setNotFoundHandler(() => {
  throw problem(404, 'not-found', 'Resource not found');
});

app.setErrorHandler((error, request, reply) => {
  const status = error.validation ? 422 : error.statusCode ?? 501;
  const pointer = error.pointer ?? (error.validationContext === 'body' ? error.validation[0].instancePath : undefined);
  reply.status(status).type(MEDIA_TYPE).send({
    errors: [{ id: randomUUID(), status: String(status), code: error.code, title: error.message, source: pointer && { pointer } }],
  });
});

app.listen({ port: process.env.PORT, host: '127.0.0.1' });
