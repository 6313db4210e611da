import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { Functions } from "../src/pages.js";
import { Client } from "./support.mjs";

function setUp() {
  const calls = [];
  const runtime = { call: async (auth, config, { name: operation }, { path, query, body }) => calls.push({ operation, path: { ...path }, ...(body ? { body: JSON.parse(body) } : { query }) }) };
  const client = new Client(runtime);
  return { calls, client, functions: new Functions(client) };
}

test("both call shapes say the same, and the official name of the path is taken", () => {
  const { calls, functions } = setUp();
  const all = { functionId: "f", body: "b", async: true, path: "/p", method: "GET", headers: { a: "b" }, scheduledAt: "2026-08-21T12:42:00.000+00:00" };
  const { functionId, path, ...rest } = all;
  functions.createExecution(all);
  functions.createExecution({ functionId, ...rest, xpath: path });
  functions.createExecution({ ...all, path: "/not this", xpath: path });
  functions.createExecution(...Object.values(all));
  functions.listExecutions({ functionId: "f", queries: ["q"], total: false });
  functions.listExecutions("f", ["q"], false);
  functions.getExecution({ functionId: "f", executionId: "e" });
  functions.getExecution("f", "e");
  assert.equal(calls.length, 8);
  for (const call of calls.splice(0, 4)) assert.deepEqual(call, { operation: "functions.createExecution", path: { functionId: "f" }, body: { path, ...rest } });
  for (const call of calls.splice(0, 2)) {
    assert.deepEqual(call, { operation: "functions.listExecutions", path: { functionId: "f" }, query: "queries%5B0%5D=q&total=false" });
  }
  for (const call of calls) assert.deepEqual(call, { operation: "functions.getExecution", path: { functionId: "f", executionId: "e" }, query: "" });
});

test("a client has one service of its own", () => {
  const { calls, client } = setUp();
  assert.equal(client.functions, client.functions);
  client.functions.createExecution("f");
  assert.deepEqual(calls, [{ operation: "functions.createExecution", path: { functionId: "f" }, body: {} }]);
});

test("a missing function is refused at once", () => {
  const { functions } = setUp();
  for (const args of [[], [{}], [undefined], [null], [{ functionId: null }]]) {
    assert.throws(() => functions.createExecution(...args), (error) => error instanceof AppwriteException && /"functionId"/.test(error.message));
  }
  assert.throws(() => functions.getExecution("f"), /"executionId"/);
});
