// An independent server of PATCH /users/{userId}, for the tests of the suite:
// Node's own modules only, and choices other than ours wherever the page is
// silent. It prints its port and keeps the users in memory.
import http from 'node:http';
import { randomUUID } from 'node:crypto';

const MEDIA_TYPE = 'application/vnd.api+json';
const [exampleId, otherId, failingId] = process.argv.slice(2);
const users = new Map([
  [exampleId, {
    firstName: 'John', lastName: 'Smith', email: 'user@example.com', phoneNumber: '+1 (425) 555-1212',
    pictureUrl: 'https://api.pace.cloud/user/img/uztqwenbqw87t123jhg87t6876', gender: 'male',
    createdAt: '2021-09-01T23:12:56.000Z', birthDate: '1997-07-21',
    address: { country: 'DE', locality: 'Karlsruhe', street: 'Haid-und-Neu-Straße', houseNo: '18', additionalAddressLink: 'z.H. John Smith', region: 'BW', postalCode: '76131' },
    locale: 'de-DE', zoneInfo: 'Europe/Berlin',
  }],
  [otherId, { firstName: 'Maria', createdAt: '2023-02-28T07:30:00.000Z' }],
  [failingId, { createdAt: '2023-02-28T07:30:00.000Z' }],
]);

const isText = (v) => typeof v === 'string' && v.length <= 200 && !/[\u0000-\u001f\u007f-\u009f]/u.test(v);
const isDay = (v) => /^\d{4}-\d{2}-\d{2}$/.test(v) && new Date(v).toJSON()?.startsWith(v);
const isZone = (v) => { try { return v !== '' && !!new Intl.DateTimeFormat('en', { timeZone: v }); } catch { return false; } };
const isLocale = (v) => { try { return Intl.getCanonicalLocales(v).length === 1; } catch { return false; } };
const isWeb = (v) => { try { return /^https?:$/.test(new URL(v).protocol); } catch { return false; } };
const rules = {
  firstName: isText, lastName: isText, email: (v) => /^[^@\s]+@[^@\s]+$/.test(v), phoneNumber: (v) => /^[+0-9 ()/.-]+$/.test(v),
  pictureUrl: isWeb, gender: (v) => ['male', 'female', 'other'].includes(v), birthDate: isDay, locale: isLocale, zoneInfo: isZone,
};
const members = ['country', 'locality', 'street', 'houseNo', 'additionalAddressLink', 'region', 'postalCode'];

class Refusal extends Error {
  constructor(status, code, pointer) { super(code); Object.assign(this, { status, code, pointer }); }
}
const refuse = (...args) => { throw new Refusal(...args); };
const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);

function authenticate(header = '') {
  const [scheme, token, ...more] = header.split(' ');
  if (scheme.toLowerCase() !== 'bearer' || more.length) refuse(401, 'unauthorized');
  if (token === 'unlinked-token') refuse(401, 'missing-linked-identity');
  if (token !== 'good-token' && token !== 'forbidden-token') refuse(401, 'unauthorized');
  return token;
}

// Only what the page shows, or anything: no lists, no weights but zero.
function negotiate(headers) {
  const accepted = (headers.accept ?? '*/*').split(',').map((r) => r.trim().toLowerCase());
  if (!accepted.some((r) => [MEDIA_TYPE, '*/*', 'application/*'].includes(r.replace(/;\s*q=(?!0(\.0*)?$)[0-9.]+$/, '')))) refuse(406, 'not-acceptable');
  if (headers['content-type']?.toLowerCase() !== MEDIA_TYPE) refuse(415, 'unsupported');
  if (headers['content-encoding']) refuse(415, 'unsupported');
}

function scalar(pointer, v, valid) {
  if (v === null) return null;
  if (typeof v !== 'string' || !valid(v)) refuse(422, 'invalid', pointer);
  return v;
}

// The address is replaced as a whole; numbers become strings.
function readAddress(v) {
  if (v === null) return null;
  if (!isObject(v)) refuse(422, 'invalid', '/data/attributes/address');
  const address = {};
  for (const name of members) {
    if (!(name in v)) continue;
    const numeric = name === 'houseNo' || name === 'postalCode';
    const value = numeric && Number.isSafeInteger(v[name]) && v[name] >= 0 ? String(v[name]) : v[name];
    address[name] = scalar(`/data/attributes/address/${name}`, value, isText);
  }
  return address;
}

// What the page does not name, and createdAt, is ignored.
function readPatch(body, id) {
  let document;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    refuse(400, 'malformed');
  }
  const data = document?.data;
  if (!isObject(data)) refuse(400, 'malformed', '');
  if (data.type !== 'User' || String(data.id).toLowerCase() !== id) refuse(409, 'conflict', '/data');
  const attributes = data.attributes ?? {};
  if (!isObject(attributes)) refuse(422, 'invalid', '/data/attributes');
  const patch = {};
  for (const [name, valid] of Object.entries(rules)) {
    if (name in attributes) patch[name] = scalar(`/data/attributes/${name}`, attributes[name], valid);
  }
  if ('address' in attributes) patch.address = readAddress(attributes.address);
  return patch;
}

// The body is read before the credentials are looked at, and the headers last.
function handle(request, body) {
  const id = new URL(request.url, 'http://localhost').pathname.match(/^\/users\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i)?.[1].toLowerCase();
  if (request.method !== 'PATCH') refuse(405, 'method-not-allowed');
  const token = authenticate(request.headers.authorization);
  if (!id) refuse(400, 'bad-id');
  if (token === 'forbidden-token') refuse(404, 'not-found');
  const user = users.get(id) ?? refuse(404, 'not-found');
  const patch = readPatch(body, id);
  negotiate(request.headers);
  if (id === failingId) throw new Error('the user that fails');
  Object.assign(user, patch);
  return { jsonapi: { version: '1.0' }, data: { attributes: user, id: id.toUpperCase(), type: 'User' } };
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const headers = { 'Content-Type': MEDIA_TYPE };
    let status = 200;
    let document;
    try {
      document = handle(request, Buffer.concat(chunks));
    } catch (error) {
      status = error.status ?? 500;
      if (status === 405) headers.Allow = 'PATCH';
      document = { errors: [{ id: randomUUID(), status: String(status), code: error.code, ...(error.pointer !== undefined && { source: { pointer: error.pointer } }) }] };
    }
    response.writeHead(status, headers).end(JSON.stringify(document, null, 2));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit()); // the test has gone
