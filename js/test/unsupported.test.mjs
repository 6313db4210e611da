import assert from "node:assert/strict";
import { test } from "node:test";

import { Account } from "../src/api/account.js";
import { Client } from "../src/api/client.js";
import { AppwriteException } from "../src/shared/exception.js";
import { unsupported } from "../src/api/unsupported.js";
import { operations } from "./support.mjs";

const CLASSES = { account: Account, client: Client };

// Those that answer no promise in the official package.
const AT_ONCE = [
  "createOAuth2Session", "createOAuth2Token", "setEndpointRealtime", "setBearer", "setCookie", "setImpersonateUserId", "setImpersonateUserEmail",
  "setImpersonateUserPhone", "subscribe", "prepareRequest", "flatten",
];

test("what is not covered rejects, or throws where there is no promise, naming itself", async () => {
  const client = new Client({});
  const objects = { account: client.account, client };
  assert.deepEqual(Object.keys(unsupported), Object.keys(CLASSES));
  for (const [part, entries] of Object.entries(unsupported)) {
    for (const entry of entries) {
      const name = entry.replace("static ", "");
      const object = name === entry ? objects[part] : CLASSES[part];
      const refused = (error) =>
        error instanceof AppwriteException && error.type === "client_unsupported" && error.message.startsWith(`${part}.${name}() is not in isojot`);
      const call = () => object[name]({ url: "https://example.com" });
      if (AT_ONCE.includes(name)) assert.throws(call, refused, name);
      else await assert.rejects(call(), refused, name);
    }
  }
});

test("a service of the official package that is given a client of this one is told so", () =>
  assert.rejects(new Client({}).call(), /give services of the appwrite package a Client of that package; in a page both share the session$/));

test("nothing that is covered is on the list", () => {
  for (const [part, entries] of Object.entries(unsupported)) {
    for (const name of entries) assert.equal(operations[`${part}.${name}`], undefined, name);
  }
});
