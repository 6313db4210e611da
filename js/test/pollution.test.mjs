// What others have put on Object.prototype: the built files load and call all the
// same. It is planted in a realm of its own, whose Object.prototype is not the one
// that Node itself goes by.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

import { dist, echo, serve } from "./support.mjs";

const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;
assert.ok(endpoint && project, "ISOJOT_ENDPOINT or ISOJOT_PROJECT is not set: run make test-js");

const OF_NODE = [
  "AbortController", "Blob", "BroadcastChannel", "DOMException", "File", "FormData", "Headers", "ReadableStream", "Response", "TextDecoder", "TextEncoder", "URL", "URLSearchParams",
  "clearTimeout", "crypto", "fetch", "performance", "process", "queueMicrotask", "setTimeout",
];
// What fetch, descriptors, JSON and loops look up, and names of no meaning here.
const WORDS = ["extend", "planted", "mode", "cache", "body", "credentials", "redirect", "keepalive", "enumerable", "once", "expires", "reason", "advice", "get", "set", "value", "writable", "signal", "resume", "answer", "form"];

/** What a program does that requires the file where all objects have those members; it throws what is wrong. */
async function use(file, names, planted, { enumerable = true, echo, does = scenario } = {}) {
  const realm = createContext({ ...Object.fromEntries(OF_NODE.map((name) => [name, globalThis[name]])), location: new URL("http://localhost/") });
  Object.assign(realm, { names, planted, enumerable, given: { endpoint, project, echo } });
  runInContext("for (const n of names) Object.defineProperty(Object.prototype, n, { __proto__: null, value: planted, writable: true, configurable: true, enumerable })", realm);
  const module = { exports: {} };
  const code = await readFile(dist(file), "utf8");
  const load = runInContext(`(function (module, exports, require, __filename, __dirname) {${code}\n})`, realm);
  load(module, module.exports, createRequire(import.meta.url), dist(file), dirname(dist(file)));
  realm.isojot = module.exports;
  await runInContext(`(${does})(isojot, given, ${file === "isojot.cjs"})`, realm);
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

// Uploads, content, calls by their URL and GraphQL, at a server that answers with what it got.
async function files({ Client, Graphql, Storage, dispose }, { echo }) {
  const must = (is, what) => {
    if (!is) throw new Error(what);
  };
  const client = new Client().setEndpoint(`${echo}/v1`).setProject("p").setSession("s");
  const storage = new Storage(client);
  const texts = (body) => body.split("\r\n").filter((line) => line.includes("form-data")).join();
  const small = await storage.createFile("b", "f", new File(["bytes"], "a.txt"));
  must(texts(small.body) === 'Content-Disposition: form-data; name="fileId",Content-Disposition: form-data; name="file"; filename="a.txt"', `the form ${texts(small.body)}`);
  const blob = await storage.createFile({ __proto__: null, bucketId: "b", fileId: "f", file: new Blob(["bytes"]) });
  must(texts(blob.body).endsWith('filename="blob"'), `a Blob ${texts(blob.body)}`);
  for (const file of [new File([new Uint8Array(6 << 20)], "large.bin"), new Blob([new Uint8Array(6 << 20)])]) {
    const large = await storage.createFile({ __proto__: null, bucketId: "b", fileId: "f", file });
    must(large.headers["x-appwrite-id"] === undefined && large.headers["content-range"] === `bytes ${5 << 20}-${(6 << 20) - 1}/${6 << 20}`, `a chunk ${JSON.stringify(large.headers)}`);
    must(texts(large.body).includes(`filename="${file instanceof File ? "large.bin" : "blob"}"`), `its name ${texts(large.body)}`);
  }
  const bytes = await client.call("get", `${echo}/v1/things`, { __proto__: null }, { __proto__: null, a: 1 }, "arrayBuffer");
  must(JSON.parse(new TextDecoder().decode(bytes)).url === "/v1/things?a=1", "content");
  const called = await client.call("post", `${echo}/v1/things`, { __proto__: null, "content-type": "application/json" }, { __proto__: null, a: 1 });
  must(called.body === '{"a":1}' && called.headers["x-appwrite-session"] === "s", `a call ${JSON.stringify(called)}`);
  const { body } = await new Graphql(client).query({ __proto__: null, query: { __proto__: null, query: "{ accountGet { _id } }" } });
  must(body === '{"query":{"query":"{ accountGet { _id } }"}}', `GraphQL ${body}`);
  await dispose();
}

for (const file of ["isojot.cjs", "isojot.browser.cjs"]) {
  test(`${file} has no member of all objects for its own`, { timeout: 60_000 }, async () => {
    await use(file, WORDS, "planted");
    await use(file, ["entries", "toJSON", "extend", "get", "set", "value", "signal", "onProgress"], () => "planted");
  });
}

for (const file of ["isojot.cjs", "isojot.browser.cjs"]) {
  test(`${file} sends files, calls and GraphQL as they were given`, { timeout: 60_000 }, async (t) => {
    const does = files;
    const names = ["name", "filename", "$id", "toFile", "size", "slice", "chunks", "chunksUploaded", "target", "inOrder", "close", "variables", "getReader", "pipe", "arrayBuffer"];
    const options = { does, enumerable: false, echo: await serve(t, echo) };
    await use(file, names, "planted", options);
    await use(file, names, () => "planted", options);
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
