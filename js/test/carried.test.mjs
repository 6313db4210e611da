// A server may pass on the headers of whoever asks it: they reach nothing of what
// the package carries beside the Go program.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";
import { createServerClient, Storage, Teams } from "../dist/isojot.node.mjs";

async function startServer(t, answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}/v1`;
}

const clientOf = (endpoint, session, headers) => createServerClient({ endpoint, project: "p", cookies: `a_session_p=${session}`, headers });

test("a header of one request gets no file of another", async (t) => {
  const came = [];
  let hold;
  const held = new Promise((resolve) => (hold = resolve));
  const endpoint = await startServer(t, async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    came.push({ url: request.url, body, headers: request.headers });
    if (request.url.endsWith("/files")) await held;
    response.writeHead(201, { "content-type": "application/json" }).end("{}");
  });
  const victim = new Storage(clientOf(endpoint, "victim"));
  const uploaded = victim.createFile({ bucketId: "b", fileId: "f", file: Buffer.from("the secret of the victim") });
  while (came.length === 0) await new Promise((resolve) => setImmediate(resolve));
  for (let number = 0; number < 5; number++) {
    for (const name of ["x-isojot-carried", "x-isojot-carry", "x-isojot-"]) {
      await new Teams(clientOf(endpoint, "attacker", { [name]: String(number) })).create({ teamId: "t", name: "mine" });
    }
  }
  const own = Object.keys(came[0].headers).filter((name) => name.startsWith("x-isojot"));
  assert.deepEqual(own, [], "no server sees what it is found by");
  hold();
  await uploaded;
  for (const { url, body } of came) assert.equal(body.includes("the secret"), url.endsWith("/files"), url);
});
