// init({ worker: true }) where there is no worker, and what of one no browser
// shows: a script that says nothing, storages that refuse.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { AppwriteException, toException } from "../src/shared/exception.js";
import { described, revived } from "../src/engine/worker/faults.js";
import { checkedOptions } from "../src/shared/options.js";
import { newPageStores } from "../src/engine/worker/pagestores.js";
import { startWorker } from "../src/engine/worker/workerstart.js";
import { dist } from "./support.mjs";

const invalid = (message) => (error) => error.type === "client_invalid_argument" && message.test(error.message);

test("the options of a worker are checked", () => {
  assert.deepEqual(checkedOptions({ worker: true, workerURL: new URL("https://a.test/worker.js"), scope: {} }), {
    wasmURL: undefined, wasmModule: undefined, worker: true, workerURL: "https://a.test/worker.js", scope: { __proto__: null },
  });
  assert.throws(() => checkedOptions({ worker: "yes" }), invalid(/true or false/));
  assert.throws(() => checkedOptions({ worker: true, workerURL: "" }), invalid(/workerURL must be a URL/));
  assert.throws(() => checkedOptions({ workerURL: "/worker.js" }), invalid(/worker: true/));
  assert.throws(() => checkedOptions({ worker: true, scope: { now: () => 0 } }), invalid(/no worker takes/));
});

for (const file of ["isojot.node.mjs", "isojot.cjs", "isojot.edge.mjs"]) {
  test(`${file} refuses a worker, and works without`, async () => {
    const require = createRequire(import.meta.url);
    const { init, preload, dispose, decodeJWT } = file.endsWith(".cjs") ? require(dist(file)) : await import(pathToFileURL(dist(file)).href);
    const refused = { name: "AppwriteException", type: "client_worker_failed", message: /leave worker out/ };
    await assert.rejects(init({ worker: true }), refused);
    await assert.rejects(preload(), refused);
    if (file === "isojot.edge.mjs") return; // it reads no file
    await init({ worker: false });
    await assert.rejects(decodeJWT("x"), { type: "client_token_malformed" });
    await dispose();
  });
}

/** A page without a browser, whose one worker is `workers[0]`; late() lets the time run out. */
function fakePage() {
  const page = { workers: [] };
  page.global = {
    origin: "https://a.test",
    location: { href: "https://a.test/page" },
    setTimeout: (callback) => (page.late = callback),
    clearTimeout: () => (page.late = null),
    fetch: async () => new Response("", { status: 404, headers: { "content-type": "text/html" } }),
    Worker: class {
      constructor(url) {
        Object.assign(this, { url, terminated: false });
        page.workers.push(this);
      }
      terminate() {
        this.terminated = true;
      }
    },
  };
  return page;
}

const start = ({ global }, options = {}) => startWorker({ global, version: "1.0.0", workerURL: () => "https://a.test/sdk/worker.js" }, options);

test("a worker that says hello is taken; one of another version, or that says nothing, is ended", async () => {
  const page = fakePage();
  const [good, older, silent] = [start(page), start(page, { workerURL: "old.js" }), start(page)];
  assert.deepEqual(page.workers.map(({ url }) => url), ["https://a.test/sdk/worker.js", "https://a.test/old.js", "https://a.test/sdk/worker.js"]);
  page.late();
  await assert.rejects(silent, { type: "client_worker_failed", message: /within 30 seconds.*init\(\{ workerURL \}\)/ });
  page.workers[0].onmessage({ data: { kind: "hello", version: "1.0.0" } });
  page.workers[1].onmessage({ data: { kind: "hello", version: "0.9.0" } });
  assert.equal(await good, page.workers[0]);
  await assert.rejects(older, { type: "client_version_mismatch", message: /old\.js is of version 0\.9\.0 .* 1\.0\.0/ });
  assert.deepEqual([page.workers.map(({ terminated }) => terminated), page.late], [[false, true, true], null]);
});

test("an address that is none is refused, and where a bundler took it away", async () => {
  const page = fakePage();
  await assert.rejects(start(page, { workerURL: "https://[" }), { type: "client_worker_failed", message: /not known.*init\(\{ workerURL \}\)/ });
  const lost = startWorker({ global: page.global, version: "1.0.0", workerURL: () => new URL("./worker.js", undefined) }, {});
  await assert.rejects(lost, { type: "client_worker_failed", message: /not known.*init\(\{ workerURL \}\)/ });
  assert.deepEqual(page.workers, []);
});

test("a browser that throws at once is quoted", async () => {
  const page = fakePage();
  page.global.Worker = class {
    constructor() {
      throw new Error("The operation is insecure.");
    }
  };
  await assert.rejects(start(page), (error) => /The operation is insecure.*worker-src 'self'/.test(error.message) && error.cause.message === "The operation is insecure.");
});

test("a page that requires Trusted Types is given its one policy, and one that refuses it a plain address", async () => {
  const page = fakePage();
  const made = [];
  page.global.trustedTypes = {
    createPolicy(name, { createScriptURL }) {
      if (made.includes(name)) throw new TypeError("made already");
      made.push(name);
      return { createScriptURL: (url) => ({ trusted: createScriptURL(url) }) };
    },
  };
  const platform = { global: page.global, version: "1.0.0", workerURL: () => "https://a.test/worker.js" };
  const calls = [startWorker(platform, {}), startWorker(platform, {}), startWorker({ ...platform, trust: undefined }, {})];
  for (const worker of page.workers) worker.onmessage({ data: { kind: "hello", version: "1.0.0" } });
  await Promise.all(calls);
  assert.deepEqual([made, page.workers.map(({ url }) => url)], [["isojot"], [...Array(2).fill({ trusted: "https://a.test/worker.js" }), "https://a.test/worker.js"]]);
});

test("an error crosses with all that it says", () => {
  const cause = Object.assign(new RangeError("Too many"), { code: 429, type: "t", response: "{}", reason: "rate-limited", advice: "Wait.", retryAfter: 7 });
  const there = revived(structuredClone(described(cause)));
  const here = toException(cause);
  assert.ok(there instanceof AppwriteException);
  for (const name of ["name", "message", "code", "type", "response", "reason", "advice", "retryAfter"]) assert.equal(there[name], here[name], name);
  assert.deepEqual([there.cause instanceof Error, there.cause.name, there.cause.message], [true, "RangeError", "Too many"]);
  assert.equal("cause" in revived(described(new AppwriteException("m"))), false);
});

test("the worker is told of what changed on the page, once, and what it writes is no news", () => {
  const [values, posted] = [new Map([["isojot:epoch:p", "3"]]), []];
  const storage = { getItem: (name) => values.get(name) ?? null, setItem: (name, value) => void values.set(name, value), removeItem: (name) => values.delete(name) };
  const stores = newPageStores((message) => posted.push([message.name, message.value]));
  stores.watch("localStorage", storage, ["cookieFallback", "isojot:epoch:p"]);
  values.set("cookieFallback", "c").set("elsewhere", "x");
  stores.sync();
  stores.write({ store: "localStorage", name: "isojot:epoch:p", value: "4" });
  stores.sync();
  assert.equal(values.get("isojot:epoch:p"), "4");
  values.delete("cookieFallback");
  assert.deepEqual([stores.changedSince("cookieFallback", 2), stores.changedSince("isojot:epoch:p", 1)], [true, false]);
  values.set("isojot:epoch:p", "9"); // another tab's, unknown to the worker
  stores.write({ store: "localStorage", name: "isojot:epoch:p", value: "5" });
  assert.deepEqual(posted, [["isojot:epoch:p", "3"], ["cookieFallback", "c"], ["cookieFallback", null], ["isojot:epoch:p", "9"]]);
});

test("a storage that throws has nothing, and keeps the worker's own value from being taken back", () => {
  const refuse = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const posted = [];
  const stores = newPageStores((message) => posted.push(message));
  stores.watch("own", { getItem: refuse, setItem: refuse, removeItem: refuse }, ["a"]);
  stores.write({ store: "own", name: "a", value: "1" });
  stores.sync();
  assert.deepEqual(posted, []);
});
