import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { definePackage, deferred, fakePlatform, runNode, TOKEN } from "./support.mjs";

const SIGNED_IN = { type: "signed-in", userId: "u", sessionId: "s" };

function setUp() {
  const platform = fakePlatform();
  const isojot = definePackage(platform);
  const client = new isojot.Client().setEndpoint("http://api.test/v1").setProject("p");
  const heard = [];
  return { ...isojot, client, heard, listen: (change) => heard.push(change), platform, programs: platform.programs };
}

const settle = () => new Promise(setImmediate);
const types = (changes) => changes.map(({ type }) => type);

// Resolves with the first program's handle once it is open.
async function opened({ programs }, nth = 0) {
  while (!programs[nth]?.handles.length) await settle();
  return programs[nth].handles[0];
}

test("a listener loads the program and hears what Go tells, frozen, in order", async () => {
  const it = setUp();
  it.client.onAuthChange(it.listen);
  const handle = await opened(it);
  handle.notify("change", SIGNED_IN);
  handle.notify("change", { ...SIGNED_IN, type: "token-refreshed", token: { ...TOKEN, more: 1 } });
  handle.notify("change", { ...SIGNED_IN, type: "error", error: Object.assign(new Error("no"), { reason: "network" }) });
  assert.deepEqual(it.heard, [], "Go was made to wait");
  await settle();
  const [first, second, third] = it.heard;
  assert.deepEqual(first, SIGNED_IN);
  assert.deepEqual(second, { ...SIGNED_IN, type: "token-refreshed", token: TOKEN });
  assert.deepEqual([third.type, third.error instanceof AppwriteException, third.error.reason], ["error", true, "network"]);
  assert.ok([first, second, second.token, third].every(Object.isFrozen));
});

test("one that registers later first learns how things are, once", async () => {
  const it = setUp();
  it.client.onAuthChange(() => {});
  const handle = await opened(it);
  handle.notify("change", SIGNED_IN);
  it.client.onAuthChange(it.listen);
  assert.deepEqual(it.heard, []);
  handle.notify("change", { ...SIGNED_IN, type: "token-expiring", token: TOKEN });
  await settle();
  assert.deepEqual(types(it.heard), ["signed-in", "token-expiring"]);

  handle.notify("token", { generation: handle.config.generation, ...TOKEN, freshFor: 1000, liveFor: 1000 });
  const later = [];
  it.client.onAuthChange((change) => later.push(change));
  await settle();
  assert.deepEqual(later, [{ ...SIGNED_IN, token: TOKEN }]);
});

test("it learns of a sign-out too, without the token of before", async () => {
  const it = setUp();
  it.client.onAuthChange(() => {});
  const handle = await opened(it);
  handle.notify("change", { ...SIGNED_IN, token: TOKEN });
  handle.notify("change", { type: "signed-out", userId: "u", sessionId: "s" });
  it.client.onAuthChange(it.listen);
  await settle();
  assert.deepEqual(it.heard, [{ type: "signed-out", userId: "u", sessionId: "s" }]);
});

test("nothing is delivered after the end, not even what was under way", async () => {
  const it = setUp();
  const unsubscribe = it.client.onAuthChange(it.listen);
  const handle = await opened(it);
  handle.notify("change", SIGNED_IN);
  unsubscribe();
  handle.notify("change", SIGNED_IN);
  unsubscribe();
  await settle();
  assert.deepEqual(it.heard, []);
});

test("the same function twice is two listeners", async () => {
  const it = setUp();
  const unsubscribe = it.client.onAuthChange(it.listen);
  it.client.onAuthChange(it.listen);
  const handle = await opened(it);
  unsubscribe();
  handle.notify("change", SIGNED_IN);
  await settle();
  assert.equal(it.heard.length, 1);
});

test("a listener may call the client and may end itself", async () => {
  const it = setUp();
  const done = deferred();
  const unsubscribe = it.client.onAuthChange(async () => {
    unsubscribe();
    done.resolve(await it.client.account.getToken());
  });
  (await opened(it)).notify("change", SIGNED_IN);
  assert.deepEqual(await done.promise, TOKEN);
});

test("one that throws is reported and stops no other", async (t) => {
  const it = setUp();
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  t.after(() => delete globalThis.reportError);
  it.client.onAuthChange(() => {
    throw new Error("broken listener");
  });
  it.client.onAuthChange(it.listen);
  (await opened(it)).notify("change", SIGNED_IN);
  await settle();
  assert.deepEqual([reported, types(it.heard)], [["broken listener"], ["signed-in"]]);
});

test("without reportError it is an uncaught exception", async () => {
  const code = `import { newChanges } from ${JSON.stringify(new URL("../src/engine/changes.js", import.meta.url).href)};
    process.on("uncaughtException", ({ message }) => console.log("uncaught", message));
    const changes = newChanges();
    changes.add(() => { throw new Error("broken listener"); });
    changes.add(({ type }) => console.log(type));
    changes.tell({ type: "signed-in" });`;
  const { stdout, exitCode } = await runNode(code);
  assert.deepEqual([stdout.trim().split("\n").sort(), exitCode], [["signed-in", "uncaught broken listener"], 0]);
});

test("a failed load is told to the listener, and a later call makes it hear", async () => {
  const it = setUp();
  const { fetch } = it.platform.global;
  it.platform.global.fetch = async () => new Response("", { status: 503 });
  it.client.onAuthChange(it.listen);
  while (!it.heard.length) await settle();
  const [{ type, userId, error }] = it.heard;
  assert.deepEqual([type, userId, error.type], ["error", "", "client_load_failed"]);
  it.platform.global.fetch = fetch;
  await it.client.account.get();
  (await opened(it)).notify("change", SIGNED_IN);
  await settle();
  assert.deepEqual(types(it.heard), ["error", "signed-in"]);
});

test("listeners outlive dispose and a crash: the next program is told of them", async () => {
  const it = setUp();
  it.client.onAuthChange(it.listen);
  const first = await opened(it);
  first.notify("change", SIGNED_IN);
  await it.dispose();
  first.notify("change", { ...SIGNED_IN, type: "signed-out" });
  const other = new it.Client().setEndpoint("http://api.test/v1").setProject("p");
  await other.account.get();
  (await opened(it, 1)).notify("change", SIGNED_IN);
  it.programs[1].crash(2);
  await other.account.get();
  (await opened(it, 2)).notify("change", SIGNED_IN);
  await settle();
  assert.deepEqual(types(it.heard), ["signed-in", "signed-in", "signed-in"]);
});

test("what was before dispose is not told to a new listener", async () => {
  const it = setUp();
  it.client.onAuthChange(() => {});
  (await opened(it)).notify("change", SIGNED_IN);
  await it.dispose();
  it.client.onAuthChange(it.listen);
  await opened(it, 1);
  await settle();
  assert.deepEqual(it.heard, []);
});

test("a change of whom the client acts as is passed on to Go, and earlier news is dropped", async () => {
  const it = setUp();
  it.client.onAuthChange(it.listen);
  const handle = await opened(it);
  it.client.setSession("secret");
  handle.notify("change", SIGNED_IN);
  await settle();
  assert.deepEqual([it.heard, handle.config.session], [[], "secret"]);
  handle.notify("change", SIGNED_IN);
  await settle();
  assert.equal(it.heard.length, 1);
});

test("a call made before the change does not take Go back to what was", async () => {
  const it = setUp();
  it.client.onAuthChange(it.listen);
  const handle = await opened(it);
  const seen = [];
  handle.configure = (config) => void (seen.push(config.jwt), (handle.config = config));
  it.client.headers.first = "1";
  const call = it.client.account.get();
  it.client.setJWT("new");
  await call;
  await settle();
  assert.deepEqual(seen, ["", "new"]);
});

test("a listener is a function, and keeps no process alive", async () => {
  const it = setUp();
  for (const fn of [undefined, null, "x", {}]) assert.throws(() => it.client.onAuthChange(fn), { type: "client_invalid_argument", message: /takes a function/ });
  assert.deepEqual(it.platform.global.fetches, []);
  it.client.onAuthChange(() => {});
  await opened(it);
  const timer = it.programs[0].scope.setTimeout(() => {}, 1e6);
  assert.equal(timer.hasRef(), false);
  it.programs[0].scope.clearTimeout(timer);
});
