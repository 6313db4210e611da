import assert from "node:assert/strict";
import { test } from "node:test";

import { Account } from "../src/account.js";
import { Client } from "../src/client.js";
import { AppwriteException } from "../src/exception.js";
import { operations } from "../src/operations.gen.js";
import { unsupported } from "../src/unsupported.js";

const CLASSES = { account: Account, client: Client };

test("what is not covered throws, naming itself", () => {
  const client = new Client({});
  const objects = { account: client.account, client };
  assert.deepEqual(Object.keys(unsupported), Object.keys(CLASSES));
  for (const [part, entries] of Object.entries(unsupported)) {
    for (const entry of entries) {
      const name = entry.replace("static ", "");
      const object = name === entry ? objects[part] : CLASSES[part];
      assert.throws(
        () => object[name]({ url: "https://example.com" }),
        (error) => error instanceof AppwriteException && error.type === "client_unsupported" && error.message.startsWith(`${part}.${name}() is not in isojot`),
        name,
      );
    }
  }
});

test("nothing that is covered is on the list", () => {
  for (const [part, entries] of Object.entries(unsupported)) {
    for (const name of entries) assert.equal(operations[`${part}.${name}`], undefined, name);
  }
});
