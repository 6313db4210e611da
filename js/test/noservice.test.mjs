// What isojot's own server has not: the error says which services it has, and that
// the same call runs against Appwrite.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Client, Databases, Storage } from "../dist/isojot.node.mjs";

const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;

test("a service that the server does not have is answered with what it has", async () => {
  assert.ok(endpoint && project, "ISOJOT_ENDPOINT or ISOJOT_PROJECT is not set: run make test-js");
  const client = new Client().setEndpoint(endpoint).setProject(project);
  for (const call of [() => new Databases(client).listDocuments("d", "c"), () => new Storage(client).getFileView("b", "f")]) {
    await assert.rejects(call, (error) => {
      assert.deepEqual([error.code, error.type, error.reason], [404, "general_route_not_found", "no-operation"]);
      assert.match(error.advice, /isojot's server has accounts, users, functions.*runs against Appwrite/);
      return true;
    });
  }
});
