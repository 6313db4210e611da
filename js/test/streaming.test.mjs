// A client whose answer is streamed: it is open until the answer has ended,
// however that is, and no longer.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { jar, refused, setUp } from "./serversupport.mjs";

const chunks = (...texts) => {
  const encoder = new TextEncoder();
  return new ReadableStream({ pull: (controller) => (texts.length > 0 ? controller.enqueue(encoder.encode(texts.shift())) : controller.close()) });
};
const isClosed = (client) => client.account.get().then(() => false, (error) => error.type === "client_reused");

test("what a Response streams has the client until the body has ended", async () => {
  const { make, platform } = setUp();
  Object.assign(platform.global, { Response, ReadableStream });
  const client = make(jar("a"));
  let parts = 0;
  // As a framework streams a promise of a page's data: the call is made after the head.
  const body = new ReadableStream({
    async pull(controller) {
      await new Promise(setImmediate);
      await client.account.get();
      controller.enqueue(new TextEncoder().encode(`part ${++parts};`));
      if (parts === 3) controller.close();
    },
  });
  const answer = await client.closeAfter(Promise.resolve(new Response(body, { status: 201, headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] })));
  assert.equal(await isClosed(client), false);
  assert.deepEqual([answer.status, answer.headers.getSetCookie()], [201, ["a=1", "b=2"]]);
  assert.equal(await answer.text(), "part 1;part 2;part 3;");
  assert.equal(await isClosed(client), true);
});

test("it is closed when the reader gives up, the body fails, or there is no body", async () => {
  const { make, platform } = setUp();
  Object.assign(platform.global, { Response, ReadableStream });
  const given = [];
  const left = make(jar("a"));
  const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1)), cancel: (reason) => void given.push(reason) });
  await left.closeAfter(new Response(body)).body.cancel("gone");
  const broken = make(jar("b"));
  const failing = new ReadableStream({ pull: () => Promise.reject(new Error("broken")) });
  await assert.rejects(broken.closeAfter(new Response(failing)).text(), /broken/);
  const empty = make(jar("c"));
  assert.equal(empty.closeAfter(new Response(null, { status: 204 })).status, 204);
  const failed = make(jar("d"));
  await assert.rejects(failed.closeAfter(Promise.reject(new Error("no page"))), /no page/);
  for (const client of [left, broken, empty, failed]) assert.equal(await isClosed(client), true);
  assert.deepEqual(given, ["gone"]);
});

test("it reads no further than it is read", async () => {
  const { make, platform } = setUp();
  Object.assign(platform.global, { Response, ReadableStream });
  let pulls = 0;
  const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(++pulls)) }, { highWaterMark: 0 });
  const reader = make(jar("a")).closeAfter(new Response(body)).body.getReader();
  await reader.read();
  await new Promise(setImmediate);
  assert.equal(pulls, 1);
  await reader.cancel();
});

test("a body that is read elsewhere closes the client, and is refused", async () => {
  const { make, platform } = setUp();
  Object.assign(platform.global, { Response, ReadableStream });
  const response = new Response("text");
  response.body.getReader();
  const client = make(jar("a"));
  assert.throws(() => client.closeAfter(response), TypeError);
  assert.equal(await isClosed(client), true);
});

test("of Node's answers it sees the end, and who leaves", async (t) => {
  const { make } = setUp();
  const left = [];
  const server = createServer((request, response) => {
    const client = make(jar("a"));
    assert.equal(client.closeAfter(response), response);
    left.push(new Promise((resolve) => response.once("close", () => resolve(isClosed(client)))));
    response.write("head");
    if (request.url === "/ends") setImmediate(async () => response.end((await isClosed(client)) ? "closed" : ", and the rest"));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}`;
  assert.equal(await (await fetch(`${url}/ends`)).text(), "head, and the rest");
  const leaving = await fetch(`${url}/never`);
  await leaving.body.cancel();
  assert.deepEqual(await Promise.all(left), [true, true]);
});

test("what is no answer is refused, and the error after close() tells of streaming", async () => {
  const { make } = setUp();
  const client = make(jar("a"));
  for (const answer of [undefined, null, "text", {}, chunks("a")]) assert.throws(() => client.closeAfter(answer), refused("client_invalid_argument", /closeAfter\(\) takes the answer/));
  client.close();
  const words = (error) => {
    assert.doesNotMatch(error.message, /made for another request/);
    return refused("client_reused", /has been closed.*closeAfter\(response\)/)(error);
  };
  await assert.rejects(client.account.get(), words);
});
