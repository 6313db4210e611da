import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { Graphql } from "../src/pages.js";
import { Client } from "./support.mjs";

function setUp() {
  const calls = [];
  const runtime = { call: async (auth, config, { name: operation }, request) => calls.push({ auth, config, operation, request }) };
  const client = new Client(runtime);
  return { calls, client, graphql: new Graphql(client) };
}

const QUERY = { query: "{ accountGet { _id } }", variables: { a: 1 } };

test("a query is taken by name and by position, one or a list", () => {
  const { calls, graphql } = setUp();
  for (const [args, query] of [
    [[{ query: QUERY }], QUERY],
    [[QUERY], QUERY],
    [[{ query: [QUERY, QUERY] }], [QUERY, QUERY]],
    [[[QUERY, QUERY]], [QUERY, QUERY]],
  ]) {
    graphql.query(...args);
    graphql.mutation(...args);
    const [first, second] = calls.splice(0);
    assert.deepEqual([first.operation, second.operation], ["graphql.query", "graphql.mutation"]);
    for (const { request } of [first, second]) {
      assert.deepEqual(JSON.parse(request.body), { query });
      assert.equal(request.headers["x-sdk-graphql"], "true");
    }
  }
});

test("what is no query is refused at once, with the fix", async () => {
  const { calls, graphql } = setUp();
  const refused = (message) => (error) => error instanceof AppwriteException && message.test(error.message);
  for (const args of [[], [undefined], [{ query: undefined }]]) {
    assert.throws(() => graphql.query(...args), refused(/Missing required parameter: "query"/));
  }
  for (const query of ["{ accountGet { _id } }", 1, true]) {
    assert.throws(() => graphql.mutation(query), refused(/query must be an object such as \{ query: "\{ accountGet/));
  }
  const cycle = {};
  cycle.cycle = cycle;
  await assert.rejects(graphql.query({ query: { query: "{a}", variables: cycle } }), refused(/cannot be written as JSON \(.*circular/i));
  assert.equal(calls.length, 0);
});

test("a signal ends a call", async () => {
  const { graphql } = setUp();
  const controller = new AbortController();
  controller.abort();
  await assert.rejects(graphql.query({ query: QUERY, signal: controller.signal }), { name: "AbortError" });
});

test("the token is forgotten before a mutation that may sign in or out, and kept before others", async () => {
  const cases = JSON.parse(await readFile(new URL("../../testdata/graphql.json", import.meta.url), "utf8"));
  const held = { jwt: "a.b.c", userId: "u", sessionId: "s", expiresAt: 1 };
  const run = { over: false, clock: () => [0, 0] };
  for (const [text, kept] of [
    ["{ accountGet { _id } }", true],
    ["mutation { accountCreateJWT { jwt } }", true],
    ["mutation { accountUpdateName(name: \"a\") { _id } }", true],
    ["mutation { accountDeleteSessions { status } }", false],
    ["mutation { accountCreateAnonymousSession { _id } }", false],
    ["mutation { accountUpdateMagicURLSession(userId: \"u\", secret: \"s\") { _id } }", false], // of another server
    ["mutation { accountUpdateStatus { _id } }", false],
    ...cases.map(({ query, changes }) => [query, !changes]), // graphql_test.go has them too
  ]) {
    const { calls, client, graphql } = setUp();
    client.account.get();
    const [{ auth }] = calls;
    auth.mirror.put({ generation: 0, ...held, freshFor: 1000, liveFor: 5000 }, run);
    graphql.mutation({ query: { query: text } });
    assert.equal(client.heldToken() !== null, kept, text);
  }
});
