import assert from "node:assert/strict";
import { test } from "node:test";

import { definePackage, fakePlatform, TOKEN } from "./support.mjs";

// A package whose Go pushes what it answers with. `asked` are the tokens asked
// for, as [force, generation].
function setUp(options) {
  const asked = [];
  const push = ({ handle, config }) => handle.notify("token", { generation: config.generation, ...TOKEN, freshFor: 60_000, liveFor: 120_000 });
  const token = async (call) => {
    asked.push([call.force, call.config.generation]);
    push(call);
    return { ...TOKEN, more: "than declared" };
  };
  const platform = fakePlatform({ token, ...options });
  const isojot = definePackage(platform);
  const client = new isojot.Client().setEndpoint("http://api.test/v1").setProject("p");
  return { ...isojot, account: client.account, client, platform, programs: platform.programs, asked };
}

test("a fresh token is answered without asking Go; force always asks", async () => {
  const { account, asked } = setUp();
  const token = await account.getToken();
  assert.deepEqual(token, TOKEN);
  assert.ok(Object.isFrozen(token));
  assert.deepEqual(await account.getToken({}), TOKEN);
  assert.equal(asked.length, 1);
  assert.deepEqual(await account.getToken({ forceRefresh: true }), TOKEN);
  assert.deepEqual(asked.map(([force]) => force), [false, true]);
});

test("peekToken gives the living token, and loads nothing", async () => {
  const { account, platform } = setUp();
  assert.equal(account.peekToken(), null);
  assert.deepEqual(platform.global.fetches, []);
  await account.getToken();
  assert.deepEqual(account.peekToken(), TOKEN);
});

test("a token near its end is asked for anew, and may still be peeked at", async () => {
  let elapsed = 0;
  const { account, init, asked } = setUp();
  await init({ scope: { performance: { now: () => elapsed }, setTimeout, clearTimeout } });
  await account.getToken();
  elapsed = 60_000;
  assert.deepEqual(account.peekToken(), TOKEN);
  await account.getToken();
  assert.equal(asked.length, 2);
  elapsed = 180_000;
  assert.equal(account.peekToken(), null);
});

test("each setter that changes who is meant forgets the token at once; the same value does not", async () => {
  const changes = { setEndpoint: "http://other.test/v1", setProject: "q", setSession: "secret", setJWT: "j" };
  for (const [setter, value] of Object.entries(changes)) {
    const { account, client, asked } = setUp();
    await account.getToken();
    client[setter](value);
    assert.equal(account.peekToken(), null, setter);
    await account.getToken();
    client[setter](value);
    assert.deepEqual(account.peekToken(), TOKEN, setter);
    const [first, second] = asked.map(([, generation]) => generation);
    assert.equal(second, first + 1, setter);
  }
  const { account, client } = setUp();
  await account.getToken();
  client.setLocale("de").headers.x = "1";
  assert.deepEqual(account.peekToken(), TOKEN);
});

test("signing out forgets the token in the same instant", async () => {
  const { account } = setUp();
  await account.getToken();
  const call = account.deleteSession("current");
  assert.equal(account.peekToken(), null);
  await call;
});

test("an aborted sign-out that was never sent forgets nothing", async () => {
  const { account } = setUp();
  await account.getToken();
  await assert.rejects(account.deleteSessions({ signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.deepEqual(account.peekToken(), TOKEN);
});

test("dispose forgets the token in the same instant, and so does a crash", async () => {
  const { account, dispose, programs } = setUp();
  await dispose();
  await account.getToken();
  const gone = dispose();
  assert.equal(account.peekToken(), null);
  await gone;
  await account.getToken();
  programs[1].crash(2);
  assert.equal(account.peekToken(), null);
  assert.deepEqual(await account.getToken(), TOKEN);
  assert.equal(programs.length, 3);
});

test("what was asked for in the moment in which the user turns out to be gone is refused", async () => {
  const { account, asked } = setUp({
    answer: async ({ handle }) => {
      handle.notify("change", { type: "signed-out", userId: "u", sessionId: "s" });
      return { json: true, text: "{}" };
    },
  });
  const calls = [account.get(), account.getToken(), account.getToken({ forceRefresh: true })];
  await calls[0];
  for (const call of calls.slice(1)) await assert.rejects(call, { type: "client_session_changed", reason: "session-ended", advice: /Ask again/ });
  assert.deepEqual(asked, []);
  assert.deepEqual(await account.getToken(), TOKEN);
});

test("two clients have two mirrors", async () => {
  const { Client, account } = setUp();
  await account.getToken();
  assert.equal(new Client().account.peekToken(), null);
});

test("what Go rejects with is an exception with the reason", async () => {
  const cause = Object.assign(new Error("no"), { code: 401, type: "general_unauthorized_scope", response: "{}", reason: "no-session", advice: "Sign in." });
  const { account } = setUp({ token: () => Promise.reject(cause) });
  await assert.rejects(account.getToken(), { name: "AppwriteException", code: 401, reason: "no-session", advice: "Sign in.", cause });
});

test("wrong options are refused before anything is loaded", async () => {
  const { account, platform } = setUp();
  for (const options of [true, "force", 1]) await assert.rejects(account.getToken(options), { type: "client_invalid_argument", message: /forceRefresh: true/ });
  await assert.rejects(account.getToken({ forceRefresh: "yes" }), { type: "client_invalid_argument", message: /forceRefresh must be/ });
  assert.deepEqual(platform.global.fetches, []);
  assert.deepEqual(await account.getToken(null), TOKEN);
});

test("the options of the client reach Go", async () => {
  const { Client, programs } = setUp();
  const storage = { getItem() {}, setItem() {}, removeItem() {} };
  const given = async (options) => {
    await new Client(options).account.getToken();
    const { tokenStorage, tokenDuration, tokenRefreshEarly } = programs[0].handles.at(-1).config;
    return [tokenStorage, tokenDuration, tokenRefreshEarly];
  };
  assert.deepEqual(await given(), [undefined, 0, -1]);
  assert.deepEqual(await given({ tokenStorage: "none", token: { duration: 60, refreshEarly: 0 } }), [null, 60, 0]);
  assert.deepEqual(await given({ tokenStorage: null, token: {} }), [null, 0, -1]);
  assert.deepEqual(await given({ tokenStorage: storage, token: { duration: 3600, refreshEarly: 3600 } }), [storage, 3600, 3600]);
});

test("a token that is held does not keep the process", async () => {
  const { account, programs } = setUp();
  await account.getToken();
  const timer = programs[0].scope.setTimeout(() => {}, 1e6);
  assert.equal(timer.hasRef(), false);
  programs[0].scope.clearTimeout(timer);
});
