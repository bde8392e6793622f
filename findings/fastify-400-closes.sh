#!/usr/bin/env bash
# Fastify 5.12.8, Node.js 20.20.2.
#
# Guessed: a server that closes the connection after an answer says so (RFC 9112,
# section 9.6), as Node.js does with `Connection: close`; a client that keeps connections
# may send its next request on any other.
#
# Seen: what Node.js's parser refuses (a method that it does not know, a header that is
# too large), Fastify answers with a 400 or 431 of its own, without Connection: close, and
# ends the connection all the same. The next request of the client, maybe an innocent PATCH
# of somebody else through the same proxy, goes out on a connection that is gone, and fails
# with "connection reset by peer" or EOF; clients repeat only methods that are idempotent.
# The cure is a clientErrorHandler that adds the header.
#
#   node:    HTTP/1.1 400 Bad Request; Connection: close; (ended)
#   fastify: HTTP/1.1 400 Bad Request; Content-Length: 65; Content-Type: application/json; (ended)
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts fastify@5.12.8
cat >seen.mjs <<'JS'
import http from 'node:http';
import net from 'node:net';
import Fastify from 'fastify';

// ask sends a request and returns the head of the answer, and whether the server ends
// the connection within ten seconds.
const ask = (port) => new Promise((resolve) => {
  let text = '';
  const head = (end) => resolve([...text.split('\r\n\r\n')[0].split('\r\n'), end].join('; '));
  const socket = net.connect(port, '127.0.0.1', () => socket.write('FROB / HTTP/1.1\r\nHost: x\r\n\r\n'));
  socket.setTimeout(10_000, () => head('(open)'));
  socket.on('data', (data) => { text += data; }).on('end', () => head('(ended)'));
});

const plain = http.createServer((request, response) => response.end());
await new Promise((done) => { plain.listen(0, '127.0.0.1', done); });
const app = Fastify();
await app.listen({ port: 0, host: '127.0.0.1' });
console.log('node:   ', await ask(plain.address().port));
console.log('fastify:', await ask(app.server.address().port));
process.exit();
JS
node seen.mjs | tee seen
cat >want <<'TEXT'
node:    HTTP/1.1 400 Bad Request; Connection: close; (ended)
fastify: HTTP/1.1 400 Bad Request; Content-Length: 65; Content-Type: application/json; (ended)
TEXT
diff -u want seen
