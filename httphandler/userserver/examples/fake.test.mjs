// Tests of a client against the fake, with nothing but Node.js:
//
//	node --test fake.test.mjs
//
// USERSERVER is the command userserver; by default it is looked for in PATH.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, test } from 'node:test';

const id = 'c0daf39b-4df5-4241-9e7d-b1b85f829090';
let server; // the process
let base; // the URL of the operation
let control; // the URL of the control endpoint

before(async () => {
  const flags = ['-db', 'memory', '-addr', '127.0.0.1:0', '-control', '127.0.0.1:0'];
  server = spawn(process.env.USERSERVER ?? 'userserver', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(server.stdout)) {
    base ??= line.match(/^PATCH (.*)\/users\/\{userId\}$/)?.[1];
    control ??= line.match(/^Control (.*)$/)?.[1];
    if (base && control) return;
  }
  throw new Error('userserver has not started');
});
after(() => server.kill());
beforeEach(() => send('POST', '/reset'));

// send sends a request to the control endpoint.
async function send(method, path, body) {
  const answer = await fetch(control + path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

// rename is the code under test: it tries again after a 503.
async function rename(firstName) {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${base}/users/${id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/vnd.api+json', Authorization: 'Bearer demo-token' },
      body: JSON.stringify({ data: { type: 'User', id, attributes: { firstName } } }),
    });
    if (answer.status !== 503 || tries === 2) return answer;
    await new Promise((done) => setTimeout(done, 1000 * answer.headers.get('Retry-After')));
  }
}

test('a gateway that is busy is asked again', async () => {
  await send('POST', '/faults', { fault: 'status', status: 503, header: { 'Retry-After': '0' }, times: 2 });
  assert.equal((await rename('Ada')).status, 200);

  const { calls } = await send('GET', '/calls');
  assert.deepEqual(calls.map((call) => [call.status, call.tokenName, call.patch]), [
    [503, 'write', { firstName: 'Ada' }],
    [503, 'write', { firstName: 'Ada' }],
    [200, 'write', { firstName: 'Ada' }],
  ]);
  const { faults } = await send('GET', '/faults');
  assert.deepEqual(faults.filter((fault) => fault.unused), []);
});

test('a lost answer is an error, although the user has changed', async () => {
  await send('POST', '/faults', { fault: 'lose-answer' });
  await assert.rejects(rename('Ada'), TypeError);
  const { data } = await send('GET', `/users/${id}`);
  assert.equal(data.attributes.firstName, 'Ada');
});

test('a slow server runs into the timeout of the client', async () => {
  await send('POST', '/faults', { delayMilliseconds: 3600000 });
  const timeout = { method: 'PATCH', signal: AbortSignal.timeout(50) };
  await assert.rejects(fetch(`${base}/users/${id}`, timeout), { name: 'TimeoutError' });
  const { data } = await send('GET', `/users/${id}`);
  assert.equal(data.attributes.firstName, 'John'); // nothing was written
});

test('a user of the test', async () => {
  const record = { data: { type: 'User', id, attributes: { firstName: 'Grace', address: { houseNo: '18a' } } } };
  await send('PUT', `/users/${id}`, record);
  const { data } = await (await rename('Ada')).json();
  assert.equal(data.attributes.address.houseNo, '18a');
  assert.equal(data.attributes.lastName, null);
});
