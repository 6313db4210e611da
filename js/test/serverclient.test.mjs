// createServerClient(): whose request it acts for, and how long.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ENDPOINT, NAME, OK, guest, jar, refused, setUp } from "./serversupport.mjs";
import { definePackage, collected, fakePlatform } from "./support.mjs";

const sessions = (programs) => programs.flatMap(({ handles }) => handles.map(({ config }) => config.session));

test("it acts by the session in the cookies, with its own locale and headers, and loads nothing before", async () => {
  const { make, platform, programs } = setUp();
  const client = make(jar("e30%3D"), { locale: "de", headers: new Headers({ "x-forwarded-for": "192.0.2.1" }) });
  client.headers["x-more"] = "1";
  assert.deepEqual([platform.global.fetches, client.config], [[], { endpoint: ENDPOINT, project: "demo", locale: "de" }]);
  await client.setLocale("fr").account.get();
  const { endpoint, project, session, jwt, locale, headers, storage, tokenStorage } = programs[0].handles[0].config;
  assert.deepEqual([endpoint, project, session, jwt, locale, storage, tokenStorage], [ENDPOINT, "demo", "e30=", "", "fr", undefined, null]);
  assert.deepEqual(headers, { "x-forwarded-for": "192.0.2.1", "x-more": "1" });
});

test("all requests share one program; each has a handle of its own, gone with it", async () => {
  const { make, programs } = setUp();
  const clients = ["a", "b", undefined].map((session) => make(jar(session)));
  await Promise.all(clients.map(({ account }) => account.get()));
  assert.deepEqual([programs.length, sessions(programs)], [1, ["a", "b", ""]]);
  clients.forEach((client) => client.close());
  clients[0].close();
  assert.ok(programs[0].handles.every(({ closed }) => closed));
});

test("a client that nobody closed lets go of its handle when it is collected; no handle is closed twice", async () => {
  const { make, programs } = setUp();
  const kept = make(jar("a"));
  await kept.account.get();
  await closed(make);
  await make(jar("b")).account.get();
  await collected(() => programs[0].handles[2].closed);
  assert.deepEqual(programs[0].handles.map(({ closes }) => closes), [0, 1, 1]);
  await kept.account.get();
});

async function closed(make) {
  const client = make(jar("c"));
  await client.account.get();
  client.close();
}

test("after close() every call rejects with client_reused, and nothing is sent", async () => {
  const { make, programs } = setUp();
  const client = make(jar("a"));
  await client.account.get();
  client.close();
  const { account } = client;
  for (const call of [account.get(), account.createAnonymousSession(), account.getToken(), account.deleteSession("current")]) {
    await assert.rejects(call, refused("client_reused", /has been closed.*one client for each request/));
  }
  assert.throws(() => account.peekToken(), refused("client_reused"));
  assert.deepEqual([programs[0].handles.length, programs[0].handles[0].calls.length], [1, 1]);
});

test("disposing closes, with or without await", async () => {
  const { make } = setUp();
  const [one, two] = [make(jar("a")), make(jar("b"))];
  one[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
  await two[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
  for (const { account } of [one, two]) await assert.rejects(account.get(), refused("client_reused"));
});

test("close() aborts what is under way, also what waits for the load, which is never sent", async () => {
  const { make, programs } = setUp({ answer: () => new Promise(() => {}) });
  const [early, late] = [make(jar("a")), make(jar("b"))];
  const waiting = early.account.get();
  const sent = late.account.get();
  early.close();
  await assert.rejects(waiting, refused("client_closed", /await the calls/));
  while (!programs[0]?.handles.length) await new Promise(setImmediate);
  const [handle] = programs[0].handles;
  late.close();
  await assert.rejects(sent, refused("client_closed"));
  assert.deepEqual([sessions(programs), handle.cancelled, handle.closed], [["b"], handle.calls, true]);
});

test("a signal aborts one call; after close() it reaches no closed handle", async () => {
  const { make, programs } = setUp({ answer: () => new Promise(() => {}) });
  const client = make(jar("a"));
  const [one, two] = [new AbortController(), new AbortController()];
  const calls = [one, two].map(({ signal }) => client.account.get({ signal }));
  while (programs[0]?.handles[0]?.calls.length !== 2) await new Promise(setImmediate);
  const [handle] = programs[0].handles;
  one.abort();
  await assert.rejects(calls[0], { name: "AbortError" });
  assert.deepEqual(handle.cancelled, [handle.calls[0]]);
  client.close();
  two.abort();
  await assert.rejects(calls[1], refused("client_closed"));
  assert.deepEqual(handle.cancelled, handle.calls);
});

test("cookies that hold another session make the client unusable: another's, a sign-in, a sign-out", async () => {
  for (const [made, found] of [["a", "b"], [undefined, "b"], ["a", undefined]]) {
    const { make, programs } = setUp();
    const cookies = jar(made);
    const client = make(cookies);
    await client.account.get();
    cookies.values[NAME] = found;
    await assert.rejects(client.account.get(), refused("client_reused", /hold another session/));
    await assert.rejects(client.account.getToken(), refused("client_reused"));
    assert.throws(() => client.account.peekToken(), refused("client_reused"));
    assert.equal(programs[0].handles[0].calls.length, 1);
    cookies.values[NAME] = made;
    await client.account.get();
  }
});

test("cookies that arrive later are waited for, and checked", async () => {
  const { make, programs } = setUp();
  const cookies = jar("a");
  const client = make(Promise.resolve(cookies));
  assert.equal(client.account.peekToken(), null);
  await client.account.get();
  cookies.values[NAME] = "b";
  await assert.rejects(client.account.get(), refused("client_reused"));
  const slow = make({ get: async (name) => ({ [NAME]: "c" })[name] });
  await slow.account.get();
  assert.equal(slow.account.peekToken(), null);
  assert.deepEqual(sessions(programs), ["a", "c"]);
});

test("what the cookies reject with reaches each call as it is", async () => {
  const { make } = setUp();
  const signal = { digest: "HANGING_PROMISE_REJECTION" };
  const client = make(Promise.reject(signal));
  for (let i = 0; i < 2; i++) await assert.rejects(client.account.get(), (error) => error === signal);
});

test("a session that the server takes for nobody's has ended; a scope that a user lacks is no such thing", async () => {
  for (const [role, reason] of [["guests", "session-ended"], ["users", "unknown"]]) {
    const { make } = setUp({ answer: () => Promise.reject(guest(role)) });
    await assert.rejects(make(jar("a")).account.get(), (error) => error.reason === reason && /Sign in again/.test(error.advice) === (role === "guests"));
  }
});

test("without a session the error names the cookie", async () => {
  const none = Object.assign(new Error("setSession"), { code: 401, type: "general_unauthorized_scope", reason: "no-session", advice: "setJWT" });
  const { make } = setUp({ answer: () => Promise.reject(none), token: () => Promise.reject(none) });
  const { account } = make(jar());
  for (const call of [account.get(), account.getToken()]) {
    await assert.rejects(call, (error) => /cookie a_session_demo/.test(error.message) && !/set(JWT|Session)/.test(error.message + error.advice));
  }
});

// The first program's calls hang until it crashes; the next one's are answered.
async function crash({ calls, make, programs }) {
  const settled = Promise.allSettled(calls.map((call) => call(make(jar("a")).account)));
  while ((programs[0]?.handles.length ?? 0) < calls.length) await new Promise(setImmediate);
  programs[0].crash(2);
  return settled;
}

test("what only reads is sent once more when the program crashed under it; nothing else is", async () => {
  const { make, programs } = setUp({ answer: ({ program }) => (program === programs[0] ? new Promise(() => {}) : Promise.resolve(OK)), token: () => new Promise(() => {}) });
  const reads = [(a) => a.get(), (a) => a.getPrefs(), (a) => a.listSessions(), (a) => a.getSession("current")];
  const others = [(a) => a.createJWT(), (a) => a.updateName("x"), (a) => a.deleteSessions(), (a) => a.getToken()];
  const results = await crash({ calls: [...reads, ...others], make, programs });
  assert.deepEqual(results.map(({ status, reason }) => reason?.type ?? status), [...reads.map(() => "fulfilled"), ...others.map(() => "client_stopped")]);
  assert.deepEqual([programs.length, programs[1].handles.length], [2, reads.length]);
});

test("a second crash is not retried, and neither is a call that was closed meanwhile", async () => {
  const { make, programs } = setUp({ answer: ({ program }) => void program.crash(2) });
  await assert.rejects(make(jar("a")).account.get(), refused("client_stopped"));
  assert.equal(programs.length, 2);
  const hanging = setUp({ answer: () => new Promise(() => {}) });
  const client = hanging.make(jar("a"));
  const call = client.account.get();
  while (!hanging.programs[0]?.handles.length) await new Promise(setImmediate);
  hanging.programs[0].crash(2);
  client.close();
  await assert.rejects(call, refused("client_closed"));
  await hanging.preload();
  assert.equal(hanging.programs[1].handles.length, 0);
});

test("clients of pages are not retried", async () => {
  const { Client, programs } = setUp({ answer: ({ program }) => void program.crash(2) });
  await assert.rejects(new Client().setEndpoint(ENDPOINT).setProject("p").account.get(), refused("client_stopped"));
  assert.equal(programs.length, 1);
});

test("what would make it another request's client is refused", () => {
  const client = setUp().make("");
  for (const name of ["setEndpoint", "setProject", "setSession", "setJWT", "onAuthChange"]) {
    assert.throws(() => client[name]("x"), refused("client_invalid_argument", new RegExp(`^${name}\\(\\).*createServerClient`)));
  }
});

test("wrong options are refused at once, by name", () => {
  const { createServerClient } = setUp();
  const good = { endpoint: ENDPOINT, project: "demo", cookies: undefined };
  assert.ok(createServerClient(good));
  const bad = [
    [undefined, /createServerClient\(\) takes an object/],
    [{ ...good, cookie: "" }, /no option "cookie"/],
    [{ endpoint: ENDPOINT, project: "demo" }, /needs cookies/],
    [{ ...good, cookies: 7 }, /cookies must not be a number/],
    [{ ...good, project: "" }, /project must be/],
    [{ ...good, project: "a;b" }, /project must be/],
    [{ ...good, headers: { a: 1 } }, /headers\["a"\] must be a string, not a number/],
    [{ ...good, headers: Promise.resolve({}) }, /headers must be an object/],
    [{ ...good, token: { duration: 0 } }, /token\.duration must be/],
    [{ ...good, token: { life: 1 } }, /createServerClient\(\{ token \}\) has no option "life"/],
    [{ ...good, cookieOptions: { sameSite: 1 } }, /cookieOptions\.sameSite/],
  ];
  for (const [options, message] of bad) assert.throws(() => createServerClient(options), refused("client_invalid_argument", message));
  assert.deepEqual({ ...createServerClient({ ...good, headers: { a: "1", "x-forwarded-for": undefined } }).headers }, { a: "1" });
  assert.throws(() => createServerClient({ ...good, endpoint: "ftp://x" }), /must begin with http/);
  assert.throws(() => createServerClient({ ...good, jwt: 7 }), /JWT must be a string/);
});

test("the builds for pages refuse it", () => {
  const { createServerClient } = definePackage(fakePlatform());
  assert.throws(() => createServerClient({}), refused("client_invalid_argument", /for servers.*new Client\(\)/));
});
