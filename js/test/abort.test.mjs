import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import * as pages from "../src/pages.js";
import { definePackage, deferred, fakePlatform, operations } from "./support.mjs";

// A platform whose calls hang until `finish` says what they answer.
function setUp() {
  const finish = deferred();
  const platform = fakePlatform({ answer: () => finish.promise, token: () => finish.promise });
  const isojot = definePackage(platform);
  const client = new isojot.Client().setEndpoint("http://api.test/v1").setProject("p");
  return { account: client.account, programs: platform.programs, platform, finish };
}

async function crossed({ programs }, calls) {
  while ((programs[0]?.handles[0]?.calls.length ?? 0) < calls) await new Promise(setImmediate);
  return programs[0].handles[0];
}

const listeners = (signal) => getEventListeners(signal, "abort").length;

test("the object form of every method takes a signal", async () => {
  const { account, platform } = setUp();
  const signal = AbortSignal.abort();
  for (const [operation, { params, kind }] of Object.entries(operations)) {
    if (["content", "redirect", "upload"].includes(kind)) continue; // which send nothing, or have tests of their own
    const [method, service] = operation.split(".").reverse();
    const given = Object.fromEntries(params.map((name) => [name, ["prefs", "query"].includes(name) ? {} : "x"]));
    const made = new pages[service[0].toUpperCase() + service.slice(1)](account.client);
    await assert.rejects(made[method]({ ...given, signal }), { name: "AbortError" }, operation);
  }
  await assert.rejects(account.client.ping({ signal }), { name: "AbortError" });
  await assert.rejects(account.getToken({ signal }), { name: "AbortError" });
  assert.deepEqual(platform.global.fetches, [], "something was loaded");
});

test("an abort rejects at once with the signal's reason and cancels that call alone", async () => {
  const it = setUp();
  const [one, other] = [new AbortController(), new AbortController()];
  const reason = new Error("the user left");
  const calls = [it.account.get({ signal: one.signal }), it.account.getToken({ signal: other.signal }), it.account.get()];
  const handle = await crossed(it, 3);
  assert.equal(new Set(handle.calls).size, 3, "ids must differ");
  one.abort(reason);
  await assert.rejects(calls[0], (error) => error === reason);
  assert.deepEqual(handle.cancelled, [handle.calls[0]]);
  other.abort();
  await assert.rejects(calls[1], { name: "AbortError" });
  assert.deepEqual(handle.cancelled, handle.calls.slice(0, 2));
  it.finish.resolve({ json: true, text: '{"$id":"u"}' });
  assert.deepEqual(await calls[2], { $id: "u" });
});

test("an abort during the load sends nothing", async () => {
  const it = setUp();
  const { fetch } = it.platform.global;
  const gate = deferred();
  it.platform.global.fetch = async (url) => (await gate.promise, fetch(url));
  const controller = new AbortController();
  const calls = [it.account.deleteSessions({ signal: controller.signal }), it.account.getToken({ signal: controller.signal })];
  controller.abort();
  for (const call of calls) await assert.rejects(call, { name: "AbortError" });
  gate.resolve();
  const last = it.account.get();
  const handle = await crossed(it, 1);
  it.finish.resolve({ json: true, text: "{}" });
  await last;
  assert.deepEqual([handle.calls.length, handle.cancelled], [1, []]);
});

test("a signal that outlives 10,000 calls has one listener for all under way, and then none", async () => {
  const { signal } = new AbortController();
  const isojot = definePackage(fakePlatform());
  const { account } = new isojot.Client().setEndpoint("http://api.test/v1").setProject("p");
  for (let i = 0; i < 100; i++) {
    const calls = Array.from({ length: 100 }, () => account.get({ signal }));
    assert.equal(listeners(signal), 1);
    await Promise.all(calls);
  }
  await new Promise(setImmediate);
  assert.equal(listeners(signal), 0);
});

test("a call that fails leaves no listener either", async () => {
  const it = setUp();
  const { signal } = new AbortController();
  const call = it.account.get({ signal });
  await crossed(it, 1);
  it.finish.reject(new Error("no"));
  await assert.rejects(call, /no/);
  await new Promise(setImmediate);
  assert.equal(listeners(signal), 0);
});

test("what is no signal is refused by name", async () => {
  const { account, platform } = setUp();
  const refused = (error) => error instanceof AppwriteException && error.type === "client_invalid_argument" && /"signal".*AbortSignal/.test(error.message);
  for (const signal of [new AbortController(), "x", 1, true, {}]) {
    await assert.rejects(account.get({ signal }), refused);
    await assert.rejects(account.getToken({ signal }), refused);
  }
  assert.deepEqual(platform.global.fetches, []);
});

test("no signal is no signal", async () => {
  const it = setUp();
  it.finish.resolve({ json: true, text: "{}" });
  for (const signal of [undefined, null]) assert.deepEqual(await it.account.get({ signal }), {});
});

test("a signal beside prefs aborts; one in bare prefs is a preference", async () => {
  const sent = [];
  const isojot = definePackage(fakePlatform({ answer: async ({ request }) => (sent.push(request.body), { json: true, text: "{}" }) }));
  const { account } = new isojot.Client().setEndpoint("http://api.test/v1").setProject("p");
  await assert.rejects(account.updatePrefs({ prefs: { a: 1 }, signal: AbortSignal.abort() }), { name: "AbortError" });
  await account.updatePrefs({ signal: "strong" });
  await account.updatePrefs({ prefs: { signal: "weak" }, signal: new AbortController().signal });
  assert.deepEqual(sent, ['{"prefs":{"signal":"strong"}}', '{"prefs":{"signal":"weak"}}']);
});

test("an old browser's signal without a reason still gives an AbortError", async () => {
  const { account } = setUp();
  const signal = Object.assign(new EventTarget(), { aborted: true });
  await assert.rejects(account.get({ signal }), { name: "AbortError" });
});
