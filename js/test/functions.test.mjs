import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../src/api/client.js";
import { AppwriteException } from "../src/shared/exception.js";
import { Functions } from "../src/api/functions.js";

function setUp() {
  const calls = [];
  const runtime = { call: async (auth, config, { name: operation }, params) => calls.push({ operation, params }) };
  const client = new Client(runtime);
  return { calls, client, functions: new Functions(client) };
}

test("both call shapes say the same, and the official name of the path is taken", () => {
  const { calls, functions } = setUp();
  const all = { functionId: "f", body: "b", async: true, path: "/p", method: "GET", headers: { a: "b" }, scheduledAt: "2026-08-21T12:42:00.000+00:00" };
  const { path, ...rest } = all;
  functions.createExecution(all);
  functions.createExecution({ ...rest, xpath: path });
  functions.createExecution({ ...all, xpath: "/not this" });
  functions.createExecution(...Object.values(all));
  functions.listExecutions({ functionId: "f", queries: ["q"], total: false });
  functions.listExecutions("f", ["q"], false);
  functions.getExecution({ functionId: "f", executionId: "e" });
  functions.getExecution("f", "e");
  assert.equal(calls.length, 8);
  for (const { operation, params } of calls.splice(0, 4)) assert.deepEqual([operation, params], ["functions.createExecution", all]);
  for (const { operation, params } of calls.splice(0, 2)) {
    assert.deepEqual([operation, params], ["functions.listExecutions", { functionId: "f", queries: ["q"], total: false }]);
  }
  for (const { operation, params } of calls) assert.deepEqual([operation, params], ["functions.getExecution", { functionId: "f", executionId: "e" }]);
});

test("a client has one service of its own", () => {
  const { calls, client } = setUp();
  assert.equal(client.functions, client.functions);
  client.functions.createExecution("f");
  assert.deepEqual(calls, [{ operation: "functions.createExecution", params: { functionId: "f" } }]);
});

test("a missing function is refused at once", () => {
  const { functions } = setUp();
  for (const args of [[], [{}], [undefined], [null], [{ functionId: null }]]) {
    assert.throws(() => functions.createExecution(...args), (error) => error instanceof AppwriteException && /"functionId"/.test(error.message));
  }
  assert.throws(() => functions.getExecution("f"), /"executionId"/);
});
