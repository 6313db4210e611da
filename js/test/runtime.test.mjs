import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { definePackage, collected, deferred, fakePlatform } from "./support.mjs";

function setUp(options) {
  const platform = fakePlatform(options);
  const isojot = definePackage(platform);
  const client = () => new isojot.Client().setEndpoint("http://api.test/v1").setProject("p");
  return { ...isojot, platform, programs: platform.programs, client };
}

function refused(type, message = /./) {
  return (error) => error instanceof AppwriteException && error.type === type && message.test(error.message);
}

test("nothing is loaded before the first call, and then once", async () => {
  const { client, platform, programs } = setUp();
  const one = client();
  assert.deepEqual([platform.global.fetches, programs.length], [[], 0]);
  await Promise.all([one.account.get(), one.account.get(), client().account.get()]);
  assert.deepEqual([platform.global.fetches, programs.length], [["https://cdn.test/isojot.wasm"], 1]);
});

test("JSON is parsed as it is; anything else is a message", async () => {
  const answers = [{ json: true, text: '{"a":[],"b":null}' }, { json: false, text: "" }, { json: true, text: "<p>" }];
  const { client } = setUp({ answer: async () => answers.shift() });
  assert.deepEqual(await client().account.get(), { a: [], b: null });
  assert.deepEqual(await client().account.deleteSessions(), { message: "" });
  await assert.rejects(client().account.get(), refused("client_bad_response", /check the endpoint/));
});

test("a secret from the headers fills only an empty field", async () => {
  const answers = ['{"secret":""}', '{"secret":"server"}', '{"jwt":"j"}', "null"];
  const { client } = setUp({ answer: async () => ({ json: true, text: answers.shift(), secret: "cookie" }) });
  const { account } = client();
  const results = [await account.get(), await account.get(), await account.get(), await account.get()];
  assert.deepEqual(results, [{ secret: "cookie" }, { secret: "server" }, { jwt: "j" }, null]);
});

test("a rejection becomes an AppwriteException", async () => {
  const cause = Object.assign(new Error("blocked"), { code: 403, type: "user_blocked", response: "{}" });
  const { client } = setUp({ answer: () => Promise.reject(cause) });
  await assert.rejects(client().account.get(), (error) => refused("user_blocked")(error) && error.code === 403 && error.cause === cause);
});

test("a failed load is reported to all who wait, and the next call tries again", async () => {
  const { client, platform } = setUp();
  const { fetch } = platform.global;
  platform.global.fetch = async () => new Response("gone", { status: 503 });
  const results = await Promise.allSettled([client().account.get(), client().account.get()]);
  assert.ok(results.every(({ reason }) => refused("client_load_failed", /HTTP 503/)(reason)));
  platform.global.fetch = fetch;
  assert.deepEqual(await client().account.get(), {});
});

test("a retry from the very rejection handler works", async () => {
  const { preload, platform } = setUp();
  const { fetch } = platform.global;
  platform.global.fetch = () => Promise.reject(new TypeError("offline"));
  await preload().catch(() => {
    platform.global.fetch = fetch;
    return preload();
  });
});

test("another version is refused, and its program ended", async () => {
  const { client, programs } = setUp({ version: "0.9.0" });
  await assert.rejects(client().account.get(), refused("client_version_mismatch", /0\.9\.0.*1\.0\.0.*cache/));
  assert.equal(programs[0].exits, 1);
  await assert.rejects(client().account.get(), refused("client_version_mismatch"));
  assert.equal(programs.length, 2);
});

test("calls made before the load run in order, each with its own snapshot", async () => {
  const seen = [];
  const { client } = setUp({
    answer: async ({ name, config }) => {
      seen.push([name, config.project, config.jwt]);
      return { json: true, text: "{}" };
    },
  });
  const [a, b] = [client().setProject("a"), client().setProject("b")];
  const calls = [a.account.get(), b.account.createJWT()];
  a.setProject("a2").setJWT("t");
  calls.push(a.account.get(), b.account.get());
  a.setJWT("late");
  await Promise.all(calls);
  assert.deepEqual(seen, [
    ["account.get", "a", ""],
    ["account.createJWT", "b", ""],
    ["account.get", "a2", "t"],
    ["account.get", "b", ""],
  ]);
});

test("a client has one handle, configured anew only when something changed", async () => {
  const { client, programs } = setUp();
  const one = client();
  await one.account.get();
  const [handle] = programs[0].handles;
  const first = handle.config;
  await one.account.get();
  assert.equal(handle.config, first);
  one.headers["x-a"] = "1";
  await one.account.get();
  assert.deepEqual([handle.config.headers, programs[0].handles.length], [{ "x-a": "1" }, 1]);
  await client().account.get();
  assert.equal(programs[0].handles.length, 2);
});

test("a crash rejects the calls under way and the next call starts afresh", async () => {
  const hanging = deferred();
  const { client, programs } = setUp({ answer: ({ program }) => (program === programs[0] ? hanging.promise : Promise.resolve({ json: true, text: "{}" })) });
  const one = client();
  const calls = [one.account.get(), client().account.get()];
  const settled = Promise.allSettled(calls);
  await loaded(programs, 2);
  programs[0].crash(2);
  assert.ok((await settled).every(({ reason }) => refused("client_stopped", /exit code 2.*starts it afresh/)(reason)));
  assert.deepEqual(await one.account.get(), {});
  assert.deepEqual([programs.length, programs[1].handles.length], [2, 1]);
});

test("a trap in a callback ends the program instead of escaping into the page", async () => {
  const hanging = deferred();
  const { client, programs } = setUp({ answer: () => hanging.promise });
  const call = client().account.get();
  await loaded(programs, 1);
  let resumed = 0;
  programs[0].go.resume = () => {
    resumed++;
    throw new WebAssembly.RuntimeError("unreachable");
  };
  programs[0].go._resume();
  programs[0].go._resume();
  assert.equal(resumed, 1);
  await assert.rejects(call, (error) => refused("client_stopped", /unreachable/)(error) && error.cause instanceof WebAssembly.RuntimeError);
});

test("a promise that settles after the end wakes nobody", async () => {
  const { client, programs, dispose } = setUp();
  await client().account.get();
  await dispose();
  assert.equal(programs[0].go._resume(), undefined);
});

test("a program that dies in the middle of a call rejects it", async () => {
  const { client, programs } = setUp({ answer: () => void programs[0].crash(1) });
  await assert.rejects(client().account.get(), refused("client_stopped", /exit code 1/));
});

test("dispose ends the program and rejects what is under way; the next call starts afresh", async () => {
  const { client, programs, dispose } = setUp({ answer: () => (programs.length === 1 ? new Promise(() => {}) : Promise.resolve({ json: true, text: "{}" })) });
  const call = assert.rejects(client().account.get(), refused("client_disposed"));
  await loaded(programs, 1);
  await Promise.all([call, dispose()]);
  assert.equal(programs[0].exits, 1);
  await dispose();
  assert.deepEqual(await client().account.get(), {});
  assert.equal(programs.length, 2);
});

test("a program that ends late does not end the next one", async () => {
  const { client, preload, programs, dispose } = setUp();
  await preload();
  const ending = dispose();
  await preload();
  await ending;
  await client().account.get();
  assert.equal(programs.length, 2);
});

test("Go's timers hold the process while a call is in flight, and no longer", async () => {
  const hanging = deferred();
  const { client, programs, dispose } = setUp({ answer: () => hanging.promise });
  const call = client().account.get();
  await loaded(programs, 1);
  const timer = programs[0].scope.setTimeout(() => {}, 1e6);
  assert.equal(timer.hasRef(), true);
  hanging.resolve({ json: true, text: "{}" });
  await call;
  assert.equal(timer.hasRef(), false);
  await dispose();
});

test("dispose during a load ends what the load brings", async () => {
  const { client, programs, dispose, stats } = setUp({ answer: () => new Promise(() => {}) });
  const call = assert.rejects(client().account.get(), refused("client_disposed"));
  await Promise.all([dispose(), call]);
  assert.deepEqual(stats(), { handles: 0, memory: 0 });
  assert.deepEqual([programs.length, programs[0].exits], [1, 1]);
});

test("init with the same options is one promise, with others an error", async () => {
  const { init, preload, client, dispose, platform } = setUp();
  const first = init({ wasmURL: "https://a.test/x.wasm" });
  assert.equal(init({ wasmURL: new URL("https://a.test/x.wasm") }), first);
  assert.equal(init(), first);
  assert.equal(preload(), first);
  await first;
  await assert.rejects(init({ wasmURL: "https://b.test/x.wasm" }), refused("client_already_loaded", /before the first call/));
  await client().account.get();
  assert.deepEqual(platform.global.fetches, ["https://a.test/x.wasm"]);
  await dispose();
  await init({ wasmURL: "https://b.test/x.wasm" });
  assert.equal(platform.global.fetches[1], "https://b.test/x.wasm");
});

test("init after a failed load may say something else", async () => {
  const { init, platform } = setUp();
  const { fetch } = platform.global;
  platform.global.fetch = (url) => (url.includes("bad") ? Promise.resolve(new Response("", { status: 404 })) : fetch(url));
  await assert.rejects(init({ wasmURL: "https://bad.test/x.wasm" }), refused("client_load_failed", /HTTP 404/));
  await init({ wasmURL: "https://good.test/x.wasm" });
});

test("init refuses bad options by rejecting", async () => {
  const { init } = setUp();
  await assert.rejects(init({ wasm: "x" }), refused("client_invalid_argument"));
});

test("init's scope reaches the program", async () => {
  const { init, programs } = setUp();
  await init({ scope: { now: () => 42 } });
  assert.equal(programs[0].scope.Date.now(), 42);
});

test("decodeJWT gives the claims or rejects", async () => {
  const { decodeJWT } = setUp();
  assert.deepEqual(await decodeJWT("u"), { userId: "u" });
  await assert.rejects(decodeJWT("bad"), refused("client_token_malformed"));
  await assert.rejects(decodeJWT({ jwt: "x" }), refused("client_token_malformed", /as a string, not as object/));
});

test("the handle of a dropped client is closed; of one that is held or listened to, never", async () => {
  const { client, programs } = setUp();
  const kept = client();
  await kept.account.get();
  const heard = [];
  const unsubscribe = listenAndDrop(client, heard);
  await client().account.getToken();
  await loaded(programs, 3);
  const [used, listening, dropped] = programs[0].handles;
  dropped.notify("token", { generation: 0 });
  await collected(() => dropped.closed);
  assert.deepEqual([used.closed, listening.closed], [false, false]);
  listening.notify("change", { type: "signed-in", userId: "u", sessionId: "s" });
  dropped.notify("change", { type: "signed-in", userId: "u", sessionId: "s" });
  await new Promise(setImmediate);
  assert.equal(heard.length, 1);
  await kept.account.get();
  unsubscribe.pop()();
  await collected(() => listening.closed);
});

// In a function of its own, so that no frame of the test holds the client.
function listenAndDrop(client, heard) {
  return [client().onAuthChange((change) => heard.push(change))];
}

// Resolves when `calls` calls have reached the first program.
async function loaded(programs, calls) {
  while ((programs[0]?.handles.length ?? 0) < calls) await new Promise(setImmediate);
}
