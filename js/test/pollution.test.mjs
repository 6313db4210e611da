// What others have put on Object.prototype: the built files load and call all the
// same. It is planted in a realm of its own, whose Object.prototype is not the one
// that Node itself goes by.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

import { dist } from "./support.mjs";

const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;
assert.ok(endpoint && project, "ISOJOT_ENDPOINT or ISOJOT_PROJECT is not set: run make test-js");

const OF_NODE = [
  "AbortController", "BroadcastChannel", "DOMException", "Headers", "ReadableStream", "Response", "TextDecoder", "TextEncoder", "URL", "URLSearchParams",
  "clearTimeout", "crypto", "fetch", "performance", "process", "queueMicrotask", "setTimeout",
];
// What fetch, descriptors, JSON and loops look up, and names of no meaning here.
const WORDS = ["extend", "planted", "mode", "cache", "body", "credentials", "redirect", "keepalive", "enumerable", "once", "expires", "reason", "advice", "get", "set", "value", "writable", "signal", "resume", "answer", "form"];

/** What a program does that requires the file where all objects have those members; it throws what is wrong. */
async function use(file, names, planted) {
  const realm = createContext({ ...Object.fromEntries(OF_NODE.map((name) => [name, globalThis[name]])), location: new URL("http://localhost/") });
  Object.assign(realm, { names, planted, given: { endpoint, project } });
  runInContext("for (const n of names) Object.defineProperty(Object.prototype, n, { __proto__: null, value: planted, writable: true, configurable: true, enumerable: true })", realm);
  const module = { exports: {} };
  const code = await readFile(dist(file), "utf8");
  const load = runInContext(`(function (module, exports, require, __filename, __dirname) {${code}\n})`, realm);
  load(module, module.exports, createRequire(import.meta.url), dist(file), dirname(dist(file)));
  realm.isojot = module.exports;
  await runInContext(`(${scenario})(isojot, given, ${file === "isojot.cjs"})`, realm);
}

// Runs in the realm, and so has nothing of this module.
async function scenario({ Account, Client, ID, createServerClient, dispose }, { endpoint, project }, serves) {
  const must = (is, what) => {
    if (!is) throw new Error(what);
  };
  const refusal = (call) => call.then(() => null, (error) => error);
  const client = new Client().setEndpoint(endpoint).setProject(project);
  const account = new Account(client);
  const email = `${ID.unique()}@example.com`;
  const unwatch = client.onAuthChange(() => {});
  const user = await account.create(ID.unique(), email, "correct horse");
  must(user.email === email, "create");
  const session = await account.createEmailPasswordSession(email, "correct horse");
  client.setSession(session.secret);
  must((await account.get()).$id === user.$id, "get");
  must((await account.listSessions()).total === 1, "listSessions");
  must((await account.getToken()).userId === user.$id, "getToken");
  const refused = await refusal(account.updateEmail("no address", "x"));
  must(refused?.code === 400 && refused.type === "general_argument_invalid" && refused.reason === "invalid-argument", `the error ${refused}`);
  const controller = new AbortController();
  const aborted = refusal(account.get({ __proto__: null, signal: controller.signal }));
  controller.abort();
  must((await aborted)?.name === "AbortError", "abort");
  if (serves && session.secret) {
    const written = [];
    const cookies = { __proto__: null, getAll: () => `a_session_${project}=${encodeURIComponent(session.secret)}`, setAll: (list) => written.push(...list) };
    const server = createServerClient({ __proto__: null, endpoint, project, cookies });
    must((await server.account.getToken()).userId === user.$id, "the token of a server");
    await server.account.deleteSession("current");
    must(written.length === 2 && written.every(({ header }) => /^a_session_[^;]*=; Expires=[^;]*; Path=\/;[^;]*; SameSite=Lax$/.test(header)), `cookies ${written.map(({ header }) => header)}`);
    server.close();
  }
  unwatch();
  await dispose();
}

for (const file of ["isojot.cjs", "isojot.browser.cjs"]) {
  test(`${file} has no member of all objects for its own`, { timeout: 60_000 }, async () => {
    await use(file, WORDS, "planted");
    await use(file, ["entries", "toJSON", "extend", "get", "set", "value", "signal", "onProgress"], () => "planted");
  });
}

test("no bundle makes its exports by a loop over what an object has and inherits", async () => {
  for (const file of ["isojot.mjs", "isojot.node.mjs", "isojot.edge.mjs", "isojot.cjs", "isojot.browser.cjs", "isojot.js", "worker.js"]) {
    assert.doesNotMatch(await readFile(dist(file), "utf8"), /\bfor ?\((?:var|let|const) \w+ in /, file);
  }
});

test("a descriptor inherits nothing", async () => {
  const src = new URL("../src/", import.meta.url);
  const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith(".js"));
  let descriptors = 0;
  for (const file of files) {
    for (const [call, start] of (await readFile(new URL(file, src), "utf8")).matchAll(/defineProperty\([^{]*\{ ?(\S*)/g)) {
      descriptors++;
      assert.equal(start, "__proto__:", `${file}: ${call}`);
    }
  }
  assert.ok(descriptors >= 5);
});
