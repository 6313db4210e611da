// The CommonJS build for pages: what Jest with jsdom requires, and React Native.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

import { dist } from "./support.mjs";

const FILE = dist("isojot.browser.cjs");
const OF_NODE = ["TextEncoder", "TextDecoder", "Headers", "AbortController", "crypto", "performance", "fetch", "URL", "setTimeout", "clearTimeout", "queueMicrotask"];

/** Requires the build in a realm of its own, as Jest does, which has those members of Node's. */
async function required(members, more = {}) {
  const realm = createContext({ ...Object.fromEntries(members.map((name) => [name, globalThis[name]])), ...more });
  const module = { exports: {} };
  runInContext(`(function (module, exports, require, __filename, __dirname) {${await readFile(FILE, "utf8")}\n})`, realm)(
    module, module.exports, () => assert.fail("it requires something"), FILE, dirname(FILE),
  );
  return module.exports;
}

test("it has the exports of the other build for pages", async () => {
  assert.deepEqual(Object.keys(await required([])).sort(), Object.keys(await import(dist("isojot.mjs"))).sort());
});

test("an emulated page under Node loads the WebAssembly beside it, and calls", async () => {
  const { Account, Client, dispose } = await required(OF_NODE, { process, document: {}, location: new URL("http://localhost/") });
  const account = new Account(new Client().setEndpoint(process.env.ISOJOT_ENDPOINT).setProject(process.env.ISOJOT_PROJECT));
  const { userId } = await account.createAnonymousSession();
  assert.match(userId, /^\w+$/);
  await dispose();
});

test("what the platform lacks is named, and how to have it, by a typed error", async () => {
  const cases = [
    [OF_NODE.filter((name) => name !== "TextEncoder"), /has no TextEncoder, .*jest-fixed-jsdom/],
    [OF_NODE.filter((name) => !["fetch", "TextDecoder"].includes(name)), /has no TextDecoder, fetch, .*have them; in Jest/],
  ];
  for (const [members, message] of cases) {
    const { Account, AppwriteException, Client } = await required(members, { process, location: new URL("http://localhost/") });
    const account = new Account(new Client().setEndpoint("http://localhost/v1").setProject("demo"));
    await assert.rejects(account.createAnonymousSession(), (error) => {
      assert.ok(error instanceof AppwriteException);
      assert.deepEqual([error.name, error.type], ["AppwriteException", "client_load_failed"]);
      assert.match(error.message, message);
      return true;
    });
  }
});

test("without Node's files it asks for the WebAssembly beside its script or page", async () => {
  const asked = [];
  const fetch = async (url) => (asked.push(url), Promise.reject(new TypeError("offline")));
  for (const place of [{ document: { currentScript: { src: "https://cdn.test/v1/app.js" } } }, { location: { href: "https://app.test/a/" } }]) {
    const { preload } = await required(OF_NODE, { ...place, fetch, WebAssembly });
    await assert.rejects(preload(), { type: "client_load_failed" });
  }
  assert.deepEqual(asked, ["https://cdn.test/v1/isojot.wasm", "https://app.test/a/isojot.wasm"]);
  const { preload } = await required(OF_NODE);
  await assert.rejects(preload(), { type: "client_load_failed", message: /init\(\{ wasmURL \}\)/ });
});

test("where there is no WebAssembly, as in React Native, the error says so", async () => {
  const { preload } = await required(OF_NODE, { WebAssembly: undefined, location: { href: "https://app.test/" } });
  await assert.rejects(preload(), { type: "client_load_failed", message: /no WebAssembly/ });
});
