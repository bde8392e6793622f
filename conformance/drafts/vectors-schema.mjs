// Checks the vectors against their schema with Ajv: all are valid, and each change below
// makes them invalid. Prints what is wrong, and how many files there are.
import { readFileSync, readdirSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const folder = new URL('../vectors/', import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, folder)));
const ajv = new Ajv({ strict: true, allErrors: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ } });
const validate = ajv.compile(read('v1.schema.json'));

const wantValid = (name, file) => validate(file) || console.log(name, ajv.errorsText(validate.errors));

const names = readdirSync(new URL('v1/', folder));
for (const name of names) wantValid(name, read(`v1/${name}`));

// withFirst returns the file of a theme with nothing but its first vector.
const withFirst = (theme) => {
  const { groups: [{ vectors: [vector], ...group }], ...file } = read(`v1/${theme}.json`);
  return { ...file, groups: [{ ...group, vectors: [vector] }] };
};

// The first vector of formats.json is taken, the first of unknown.json refused.
const files = { formats: withFirst('formats'), unknown: withFirst('unknown') };
for (const [theme, file] of Object.entries(files)) wantValid(`the first of ${theme}`, file);

const changes = {
  'another version': ['formats', (f) => (f.version = '2.0.0')],
  'no groups': ['formats', (f) => (f.groups = [])],
  'an unknown member': ['formats', (f) => (f.more = 1)],
  'an incomplete record': ['formats', (f) => delete f.groups[0].before.locale],
  'an incomplete address': ['unknown', (f) => delete f.groups[0].before.address.region],
  'a number as a name': ['formats', (f) => (f.groups[0].before.firstName = 1)],
  'a local time': ['formats', (f) => (f.groups[0].before.createdAt = '2021-09-01T23:12:56')],
  'an unknown member of a vector': ['formats', (f, v) => (v.more = 1)],
  'an id with a blank': ['formats', (f, v) => (v.id += ' ')],
  'no requirements': ['formats', (f, v) => (v.requirements = [])],
  'another level': ['formats', (f, v) => (v.level = 'MAY')],
  'another result': ['formats', (f, v) => (v.result = 'invalid')],
  'an unknown flag': ['formats', (f, v) => (v.flags = ['merge'])],
  'another method': ['formats', (f, v) => (v.request.method = 'PUT')],
  'a path with a blank': ['formats', (f, v) => (v.request.path += ' ')],
  'a header without a value': ['formats', (f, v) => v.request.headers.push(['Accept'])],
  'a header of three': ['formats', (f, v) => v.request.headers.push(['Accept', 'a', 'b'])],
  'a header that cannot be sent': ['formats', (f, v) => v.request.headers.push(['Accept', '\n'])],
  'a body of two kinds': ['formats', (f, v) => (v.request.body.base64 = '')],
  'a body of neither': ['formats', (f, v) => (v.request.body = {})],
  'malformed base64': ['formats', (f, v) => (v.request.body = { base64: 'a' })],
  'a failure': ['formats', (f, v) => (v.status = 501)],
  'a failure that is allowed': ['formats', (f, v) => v.allowedStatuses.push(500)],
  'a status twice': ['formats', (f, v) => v.allowedStatuses.push(200)],
  'errors of a 200': ['formats', (f, v) => (v.errors = [{ code: 'x' }])],
  'a 200 that is refused': ['formats', (f, v) => (v.result = 'refused')],
  'a refusal without errors': ['unknown', (f, v) => delete v.errors],
  'a refusal with another record': ['unknown', (f, v) => (v.after = f.groups[0].before)],
  'a refusal that is valid': ['unknown', (f, v) => (v.result = 'valid')],
  'an error without code': ['unknown', (f, v) => delete v.errors[0].code],
  'a pointer without a slash': ['unknown', (f, v) => (v.errors[0].source.pointer = 'data')],
  'two sources': ['unknown', (f, v) => (v.errors[0].source.header = 'Accept')],
};
for (const [name, [theme, change]] of Object.entries(changes)) {
  const file = structuredClone(files[theme]);
  change(file, file.groups[0].vectors[0]);
  if (validate(file)) console.log(`${name} is valid`);
}
console.log(`${names.length} files, ${Object.keys(changes).length} changes`);
