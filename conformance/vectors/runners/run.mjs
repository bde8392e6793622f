#!/usr/bin/env node
// Runs the vectors against a server, or against a function that merges:
//
//   ACCESS_TOKEN=... node run.mjs --url https://example.com/user/2025-1 [--user ID]
//   node run.mjs --merge merge.mjs
//
// README.md has the options. Exit code: 0 if no MUST failed, 1 if one did, 2 if nothing ran.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';

const PAGE_ID = 'c0daf39b-4df5-4241-9e7d-b1b85f829090';
const MEDIA_TYPE = 'application/vnd.api+json';
const DOCUMENTED = [200, 401, 403, 404, 406, 415, 422, 501];
const here = path.dirname(fileURLToPath(import.meta.url));

// vectors yields each vector with the record before and after it.
function* vectors(theme) {
  const folder = path.join(here, '..', 'v1');
  for (const name of readdirSync(folder).sort()) {
    if (theme && name !== `${theme}.json`) continue;
    const { groups } = JSON.parse(readFileSync(path.join(folder, name)));
    for (const { before, vectors } of groups) {
      for (const vector of vectors) yield { after: before, flags: [], allowedAfter: [], errors: [], ...vector, before };
    }
  }
}

const bytes = (body) => (body ? Buffer.from(body.text ?? body.base64, body.text === undefined ? 'base64' : 'utf8') : Buffer.alloc(0));

// present returns the record without null and without an address that has no members.
function present(record) {
  const found = {};
  for (const [name, value] of Object.entries(record ?? {})) {
    const inner = name === 'address' && value && typeof value === 'object' ? present(value) : value;
    if (inner !== null && !(name === 'address' && isDeepStrictEqual(inner, {}))) found[name] = inner;
  }
  return found;
}

// meaning returns what the record means, whatever the form in which a server shows it.
function meaning(record) {
  const known = present(record);
  const found = {};
  for (const name of ['firstName', 'lastName', 'email', 'phoneNumber', 'pictureUrl', 'gender', 'createdAt', 'birthDate', 'locale', 'zoneInfo']) {
    if (name in known) found[name] = (forms[name] ?? text)(known[name]);
  }
  for (const name of ['country', 'locality', 'street', 'houseNo', 'additionalAddressLink', 'region', 'postalCode']) {
    if (known.address?.[name] !== undefined) found[`address/${name}`] = text(known.address[name]);
  }
  return found;
}

const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value)).normalize('NFC');
const forms = {
  email: (value) => text(value).toLowerCase(),
  phoneNumber: (value) => text(value).replace(/[\s().\/-]/g, ''),
  pictureUrl: (value) => text(value).replace(/^[^/]*:\/\/[^/?#]*/, (s) => s.toLowerCase().replace(/:(80|443)?$/, '')),
  createdAt: (value) => Date.parse(value) || text(value),
  birthDate: (value) => day(text(value)),
};

// day shortens a midnight to its date: the one that is written, or the one in UTC.
function day(s) {
  const [, date, time, zone] = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)([Zz]|[+-]\d\d:?\d\d)?$/.exec(s) ?? [];
  if (!date || /^[0:.]+$/.test(time)) return date ?? s;
  const instant = new Date(`${date}T${time}${zone}`);
  return Number.isNaN(+instant) || +instant % 86400000 !== 0 ? s : instant.toISOString().slice(0, 10);
}

class Server {
  constructor(options, tokens) {
    this.base = options.url.replace(/\/$/, '');
    this.user = options.user.toLowerCase();
    this.options = options;
    this.tokens = tokens;
    this.client = this.base.startsWith('https:') ? https : http;
    this.agent = new this.client.Agent({ keepAlive: true, maxSockets: 1 });
  }

  // ownId replaces the id of the page by the user's, in its three forms.
  ownId(s) {
    for (const form of [(id) => id, (id) => id.toUpperCase(), (id) => id.replaceAll('-', '')]) s = s.replaceAll(form(PAGE_ID), form(this.user));
    return s;
  }

  withTokens(s) {
    return s.replace(/\{(\w*[tT]oken)\}/g, (all, name) => this.tokens[name] ?? all);
  }

  // send sends the request again if the server has closed the idle connection.
  async send(request) {
    try {
      return await this.exchange(request);
    } catch (error) {
      if (!error.reused) throw error;
      return this.exchange(request);
    }
  }

  exchange({ path, headers, anonymous, body }) {
    let content = bytes(body);
    if (this.user !== PAGE_ID) content = Buffer.from(this.ownId(content.toString('latin1')), 'latin1');
    const url = new URL(this.base);
    const fields = headers.map(([name, value]) => [name, this.withTokens(value)]);
    if (!anonymous && this.tokens.token && !headers.some(([name]) => name === 'Authorization')) fields.push(['Authorization', `Bearer ${this.tokens.token}`]);
    const grouped = {};
    for (const [name, value] of fields) (grouped[name] ??= []).push(value);
    const options = { hostname: url.hostname, port: url.port, method: 'PATCH', path: url.pathname.replace(/\/$/, '') + this.withTokens(this.ownId(path)), agent: this.agent, timeout: 30000 };
    return new Promise((resolve, reject) => {
      const request = this.client.request(options, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(new Answer(response, Buffer.concat(chunks))));
      });
      for (const [name, values] of Object.entries(grouped)) request.setHeader(name, values.length === 1 ? values[0] : values);
      request.setHeader('Content-Length', content.length);
      request.on('timeout', () => request.destroy(new Error('no answer within 30 s')));
      request.on('error', (error) => reject(Object.assign(error, { reused: request.reusedSocket })));
      request.end(content);
    });
  }

  patch(attributes) {
    const document = JSON.stringify({ data: { type: 'User', id: PAGE_ID, attributes } });
    return this.send({ path: `/users/${PAGE_ID}`, headers: [['Accept', MEDIA_TYPE], ['Content-Type', MEDIA_TYPE]], body: { text: document } });
  }

  // read returns the record, by a patch that changes nothing: one without attributes, or,
  // where that is refused, one that sets the locale to what it should be.
  async read(expected) {
    let answer = this.refusesEmpty ? undefined : await this.patch({});
    if (answer?.status !== 200 && expected) {
      answer = await this.patch({ locale: expected.locale });
      if (answer.status === 200) this.refusesEmpty = true;
    }
    return answer?.status === 200 ? answer.record : undefined;
  }

  // same compares records: exactly by the contract, or by what they mean.
  same(want, got) {
    if (this.options.contract) return isDeepStrictEqual({ ...want, createdAt: this.createdAt ?? want.createdAt }, got);
    return isDeepStrictEqual(meaning({ ...want, createdAt: this.createdAt ?? want.createdAt }), meaning(got));
  }

  // setUp makes the record that before is, and returns why it could not.
  async setUp(before) {
    if (this.current && this.same(before, this.current)) return '';
    if (this.options.reset) {
      const run = spawnSync(this.options.reset, { shell: true, input: JSON.stringify({ id: this.user, attributes: before }) });
      return run.status === 0 ? '' : `the reset command ended with ${run.status}`;
    }
    this.current ??= await this.read(before);
    if (this.current && this.same(before, this.current)) return '';
    const now = meaning(this.current);
    const want = meaning(before);
    const exact = this.options.contract || !this.current;
    const differs = (name) => exact || Object.keys({ ...now, ...want }).some((p) => p.split('/')[0] === name && now[p] !== want[p]);
    const patch = Object.fromEntries(Object.entries(before).filter(([name]) => name !== 'createdAt' && differs(name)));
    const answer = await this.patch(patch);
    this.current = answer.record;
    return answer.status === 200 && this.same(before, answer.record) ? '' : `the record before it cannot be set up (status ${answer.status})`;
  }
}

class Answer {
  constructor(response, body) {
    this.status = response.statusCode;
    this.mediaType = (response.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
    try {
      this.document = JSON.parse(body);
    } catch {
      this.document = undefined;
    }
  }

  isOf(user) {
    return this.document?.data?.type === 'User' && String(this.document.data.id).toLowerCase() === user;
  }

  get record() {
    return this.status === 200 ? this.document?.data?.attributes : undefined;
  }

  get errors() {
    const errors = Array.isArray(this.document?.errors) ? this.document.errors : [];
    return errors.filter(Boolean).map(({ code, source }) => (source ? { code, source } : { code }));
  }
}

// plainest returns an instant in UTC as the records write it.
const plainest = (instant) => instant.replace('+00:00', 'Z').replace(/(\.\d*?)0*Z$/, (all, kept) => `${kept === '.' ? '' : kept}Z`);

// cannotRun returns why a vector cannot be run against the server, or ''.
function cannotRun(vector, server) {
  const { request, flags, before } = vector;
  const missing = [request.path, ...request.headers.flat()].join().match(/\{(\w*[tT]oken)\}/g)?.find((t) => !server.tokens[t.slice(1, -1)]);
  if (missing) return `there is no ${missing}`;
  if (request.anonymous && !server.tokens.token) return 'there is no {token}';
  if (flags.includes('PageId') && server.user !== PAGE_ID) return 'it takes the id of the page';
  if (flags.includes('FreshRecord') && server.createdAt && plainest(server.createdAt) !== before.createdAt) return 'it takes another createdAt';
  return '';
}

// judge returns what is wrong with an answer and with the record after it, or ''.
async function judge(vector, server, answer) {
  const { contract } = server.options;
  const statuses = contract ? [vector.status] : vector.allowedStatuses;
  if (!statuses.includes(answer.status)) return `status ${answer.status}, not ${statuses.join(', ')}`;
  if ((contract || (DOCUMENTED.includes(answer.status) && !vector.flags.includes('Router'))) && answer.mediaType !== vector.mediaType) return `status ${answer.status} of type ${answer.mediaType || 'none'}`;
  if (contract && !isDeepStrictEqual(sorted(answer.errors), sorted(vector.errors))) return `errors ${JSON.stringify(answer.errors)}, not ${JSON.stringify(vector.errors)}`;
  if (vector.requirements.includes('linked.code') && answer.errors[0]?.code !== 'missing-linked-identity') return 'the code is not missing-linked-identity';
  let right = [vector.before];
  if (answer.status === 200) {
    if (!answer.isOf(server.user)) return 'status 200 with another resource';
    right = [...(vector.status === 200 ? [vector.after] : []), ...(contract ? [] : vector.allowedAfter)];
    right = right.filter((record) => server.same(record, answer.record));
    if (right.length === 0) return 'status 200 with another record';
  }
  server.current = await server.read(right[0]);
  return right.some((record) => server.same(record, server.current)) ? '' : `status ${answer.status}, and another record afterwards`;
}

const sorted = (errors) => errors.map((e) => JSON.stringify([e.code, Object.entries(e.source ?? {})])).sort();

async function runVector(vector, server) {
  let ready = false;
  try {
    const obstacle = cannotRun(vector, server) || (await server.setUp(vector.before));
    if (obstacle) return { obstacle };
    ready = true;
    server.current = undefined;
    return { wrong: await judge(vector, server, await server.send(vector.request)) };
  } catch (error) {
    server.current = undefined;
    return { [ready ? 'wrong' : 'obstacle']: `no answer: ${error.message}` };
  }
}

async function runServer(options) {
  const server = new Server(options, { token: process.env.ACCESS_TOKEN, forbiddenToken: process.env.FORBIDDEN_TOKEN, unlinkedToken: process.env.UNLINKED_TOKEN });
  const original = await server.read();
  if (!options.reset) server.createdAt = original?.createdAt;
  server.current = original;
  const results = [];
  for (const vector of vectors(options.theme)) results.push({ vector, ...(await runVector(vector, server)) });
  if (!options.reset && (!original || (await server.setUp(original)))) console.log('The record of the user could not be restored.');
  server.agent.destroy();
  return results;
}

async function runMerge(file) {
  const { merge } = await import(pathToFileURL(file));
  const results = [];
  for (const vector of vectors()) {
    if (!vector.flags.includes('Merge')) continue;
    const patch = JSON.parse(bytes(vector.request.body)).data.attributes;
    const got = merge(structuredClone(vector.before), patch);
    results.push({ vector: { ...vector, level: 'MUST' }, wrong: isDeepStrictEqual(present(vector.after), present(got)) ? '' : 'another record' });
  }
  return results;
}

// report prints what went wrong, and returns the exit code.
function report(results, contract) {
  const counts = { passed: 0, MUST: 0, SHOULD: 0, OBSERVE: 0, 'not run': 0 };
  for (const { vector, wrong, obstacle } of results) {
    counts[obstacle ? 'not run' : wrong ? vector.level : 'passed']++;
    if (obstacle || wrong) console.log(`${obstacle ? 'not run' : vector.level} ${vector.id} [${vector.requirements.join(' ')}]: ${obstacle || wrong}`);
  }
  const missed = counts.MUST + counts.SHOULD + counts.OBSERVE;
  console.log(`${results.length} vectors: ${counts.passed} passed; missed: ${counts.MUST} MUST, ${counts.SHOULD} SHOULD, ${counts.OBSERVE} OBSERVE; ${counts['not run']} not run`);
  if (counts.passed + missed === 0) return 2;
  return counts.MUST > 0 || (contract && missed > 0) ? 1 : 0;
}

const string = { type: 'string' };
const usage = 'usage: run.mjs --url URL [--user ID] [--contract] [--theme NAME] [--reset COMMAND] | --merge FILE';
try {
  const { values: options } = parseArgs({ options: { url: string, user: { ...string, default: PAGE_ID }, merge: string, theme: string, reset: string, contract: { type: 'boolean', default: false } } });
  if (!options.url === !options.merge) throw new Error(usage);
  process.exitCode = report(options.merge ? await runMerge(options.merge) : await runServer(options), options.contract);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
