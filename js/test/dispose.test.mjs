// dispose() ends what is under way, seen from the server.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { Client, dispose } from "../dist/isojot.node.mjs";

test("dispose() aborts the requests under way", async (t) => {
  const server = createServer(() => {}); // never answers
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const client = new Client().setEndpoint(`http://127.0.0.1:${server.address().port}/v1`).setProject("demo").setSession("s");

  const call = client.account.get();
  const [request] = await once(server, "request");
  const closed = once(request.socket, "close");
  await Promise.all([assert.rejects(call, { type: "client_disposed" }), dispose()]);
  await closed; // or the test never ends
});
