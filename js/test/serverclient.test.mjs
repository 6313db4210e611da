// createServerClient() over a Go program made of JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException } from "../src/exception.js";
import { definePackage } from "../src/package.js";
import { serverClients } from "../src/serverclient.js";
import { collected, deferred, fakePlatform, TOKEN } from "./support.mjs";

const ENDPOINT = "http://api.test/v1";
const NAME = "a_session_demo";
const EXPIRE = "2027-08-21T12:42:57.123+00:00";
const OK = { json: true, text: "{}" };

function setUp(options) {
  const platform = fakePlatform({ serverClients, ...options });
  const isojot = definePackage(platform);
  const make = (cookies, more) => isojot.createServerClient({ endpoint: ENDPOINT, project: "demo", cookies, ...more });
  return { ...isojot, make, platform, programs: platform.programs };
}

// A request's cookies as SvelteKit and Next.js have them: what is set is read back.
function jar(session, set = (values, name, value) => (values[name] = value)) {
  const values = session === undefined ? {} : { [NAME]: session };
  return { values, get: (name) => values[name], set: (...args) => set(values, ...args) };
}

function refused(type, message = /./) {
  return (error) => {
    assert.deepEqual([error instanceof AppwriteException, error.type], [true, type], error.message);
    assert.match(error.message, message);
    return true;
  };
}

// What the server answers a sign-in and a sign-out with, and anything else.
const answers = async ({ name }) => {
  if (name.endsWith("Session") && name.includes("create")) return { json: true, text: JSON.stringify({ $id: "s", secret: "", expire: EXPIRE }), secret: "fresh" };
  if (name.includes("delete") || name.includes("Status")) return { json: false, text: "", cleared: name !== "account.delete" };
  return OK;
};

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

test("a client that nobody closed lets go of its handle when it is collected", async () => {
  const { make, programs } = setUp();
  const kept = make(jar("a"));
  await kept.account.get();
  await make(jar("b")).account.get();
  await collected(() => programs[0].handles[1].closed);
  assert.equal(programs[0].handles[0].closed, false);
  await kept.account.get();
});

test("after close() every call rejects with client_reused, and nothing is sent", async () => {
  const { make, programs } = setUp();
  const client = make(jar("a"));
  await client.account.get();
  client.close();
  const { account } = client;
  for (const call of [account.get(), account.createAnonymousSession(), account.getToken(), account.deleteSession("current")]) {
    await assert.rejects(call, refused("client_reused", /closed.*one client for each request/));
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

test("a sign-in is kept in the cookies, and acted by from then on", async () => {
  for (const operation of ["createAnonymousSession", "createEmailPasswordSession", "createSession"]) {
    const { make, programs } = setUp({ answer: answers });
    const cookies = jar();
    const client = make(cookies, { cookieOptions: { domain: "example.com" } });
    const calls = [];
    cookies.set = (...args) => (calls.push(args), (cookies.values[args[0]] = args[1]));
    const session = await client.account[operation]("a@example.com", "password");
    assert.equal(session.secret, "fresh");
    const options = { httpOnly: true, path: "/", sameSite: "lax", domain: "example.com", expires: new Date(EXPIRE) };
    assert.deepEqual(calls, [[NAME, "fresh", options]]);
    await client.account.get();
    assert.equal(programs[0].handles[0].config.session, "fresh", operation);
  }
});

test("setAll gets the header lines and what keeps caches away", async () => {
  const { make } = setUp({ answer: answers });
  const written = [];
  const client = make({ getAll: () => "", setAll: (...args) => void written.push(args) });
  await client.account.createAnonymousSession();
  await client.account.deleteSession("current");
  const [[[kept], headers], [removed]] = written;
  assert.match(kept.header, /^a_session_demo=fresh; Expires=Sat, 21 Aug 2027 12:42:57 GMT; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.deepEqual(headers, { "cache-control": "private, no-store" });
  assert.deepEqual(removed.map(({ name, value }) => [name, value]), [[NAME, ""], [`${NAME}_legacy`, ""]]);
});

test("in production the cookie is secure, unless the options say otherwise", async () => {
  const { make, platform } = setUp({ answer: answers });
  platform.global.process = { env: { NODE_ENV: "production" } };
  for (const [more, secure] of [[{}, true], [{ cookieOptions: { secure: false } }, false]]) {
    let options;
    await make(jar(undefined, (values, name, value, given) => (options = given)), more).account.createAnonymousSession();
    assert.equal(options.secure, secure);
  }
});

test("cookies that show what was set, or do not, are both this client's", async () => {
  for (const set of [undefined, () => {}]) {
    const { make, programs } = setUp({ answer: answers });
    const client = make(jar("old", set));
    await client.account.createAnonymousSession();
    await client.account.get();
    await client.account.deleteSession("current");
    await client.account.get();
    assert.equal(programs[0].handles[0].config.session, "");
  }
});

test("each way of signing out removes the cookies; ending another session does not", async () => {
  const out = { deleteSession: ["current"], deleteSessions: [], updateStatus: [], delete: [] };
  for (const [operation, args] of Object.entries(out)) {
    const { make, programs } = setUp({ answer: answers });
    const cookies = jar("a");
    const client = make(cookies);
    await client.account[operation](...args);
    assert.deepEqual(cookies.values, { [NAME]: "", [`${NAME}_legacy`]: "" }, operation);
    await client.account.get();
    assert.equal(programs[0].handles[0].config.session, "", operation);
  }
  const { make } = setUp({ answer: async () => ({ json: false, text: "", cleared: false }) });
  const cookies = jar("a");
  await make(cookies).account.deleteSession("of another device");
  assert.deepEqual(cookies.values, { [NAME]: "a" });
});

test("where cookies cannot be written, reads work, sign-in is refused unsent and sign-out leaves the cookie", async () => {
  const { make, programs } = setUp({ answer: answers });
  for (const cookies of [`${NAME}=a`, new Headers({ cookie: `${NAME}=a` }), { getAll: () => [{ name: NAME, value: "a" }] }]) {
    const client = make(cookies);
    await client.account.get();
    await assert.rejects(client.account.createAnonymousSession(), refused("client_cookies_read_only", /set\(\) or setAll\(\).*route handler/));
    const handle = programs[0].handles.at(-1);
    assert.equal(handle.calls.length, 1);
    await client.account.deleteSession("current");
    await client.account.get();
    assert.deepEqual([handle.calls.length, handle.config.session], [3, ""]);
  }
});

const throwing = () => {
  throw new Error("Cookies can only be modified in a Server Action or Route Handler");
};

test("a sign-in whose cookie cannot be kept is undone", async () => {
  const { make, programs } = setUp({ answer: answers });
  const client = make(jar(undefined, throwing));
  await assert.rejects(client.account.createAnonymousSession(), refused("client_cookies_read_only", /can only be modified in a Server Action/));
  const [own, undo] = programs[0].handles;
  assert.deepEqual([undo.config.session, undo.calls.length, undo.closed], ["fresh", 1, true]);
  await client.account.get();
  assert.equal(own.config.session, "");
});

test("an undoing that fails too is told of, and so is a sign-out whose cookie stays", async () => {
  const failing = async (call) => (call.name === "account.deleteSession" ? Promise.reject(new Error("offline")) : answers(call));
  const one = setUp({ answer: failing }).make(jar(undefined, throwing));
  await assert.rejects(one.account.createAnonymousSession(), refused("client_cookies_read_only", /Server Action.*could the new session be ended again: offline/));
  const two = setUp({ answer: answers }).make(jar("a", () => Promise.reject("no")));
  await assert.rejects(two.account.deleteSessions(), refused("client_cookies_read_only", /session has ended.*no/));
});

test("a sign-in that brings no session is an error", async () => {
  const { make } = setUp();
  await assert.rejects(make(jar()).account.createAnonymousSession(), refused("client_bad_response", /Set-Cookie/));
});

const guest = (role) => Object.assign(new Error(`User (role: ${role}) missing scopes (["account"])`), { code: 401, type: "general_unauthorized_scope", reason: "unknown" });

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

// Answers tokens of the session they are asked for, and pushes them as Go does.
function tokenSetUp(options) {
  const asked = [];
  const token = async ({ config, force, handle }) => {
    asked.push([config.session, force]);
    const made = { ...TOKEN, jwt: `jwt of ${config.jwt || config.session} ${asked.length}` };
    handle.notify("token", { generation: config.generation, ...made, freshFor: 60_000, liveFor: 120_000 });
    return made;
  };
  return { ...setUp({ token, answer: answers, ...options }), asked };
}

test("requests of one session share its token; those of others have their own", async () => {
  const { make, asked, programs } = tokenSetUp();
  const jwts = [];
  for (const session of ["a", "b", "a", "b", "a"]) {
    const client = make(jar(session));
    jwts.push((await client.account.getToken()).jwt);
    assert.equal(client.account.peekToken().jwt, jwts.at(-1));
    client.close();
  }
  assert.deepEqual(jwts, ["jwt of a 1", "jwt of b 2", "jwt of a 1", "jwt of b 2", "jwt of a 1"]);
  assert.deepEqual([asked.length, programs[0].handles.length], [2, 2]);
  await make(jar("a"), { token: { duration: 60 } }).account.getToken();
  await make(jar("a"), { project: "other", cookies: "a_session_other=a" }).account.getToken();
  await make(jar("a")).account.getToken({ forceRefresh: true });
  assert.deepEqual(asked.slice(2), [["a", false], ["a", false], ["a", true]]);
});

test("a guest's token, and that of a client with a JWT, are shared with nobody", async () => {
  const { make, asked } = tokenSetUp();
  for (const more of [{ jwt: "x.y.z" }, { jwt: "x.y.w" }]) {
    const { account } = make(jar("a"), more);
    assert.match((await account.getToken()).jwt, new RegExp(more.jwt));
    assert.equal(account.peekToken(), await account.getToken());
  }
  await make(jar("a")).account.getToken();
  await Promise.all([make(jar()), make(jar())].map(({ account }) => account.getToken()));
  assert.equal(asked.length, 5);
});

test("a request that ends early does not end the making of the token for the others", async () => {
  const arrived = deferred();
  const { make, programs } = setUp({ token: () => arrived.promise });
  const [one, two] = [make(jar("a")), make(jar("a"))];
  const calls = [one.account.getToken(), two.account.getToken()];
  while (programs[0]?.handles[0]?.calls.length !== 2) await new Promise(setImmediate);
  one.close();
  await assert.rejects(calls[0], refused("client_closed"));
  arrived.resolve(TOKEN);
  assert.deepEqual(await calls[1], TOKEN);
  assert.equal(programs[0].handles[0].closed, false);
});

test("a sign-out ends the token for all requests of the session, also one that is being made", async () => {
  const { make, asked, programs } = tokenSetUp();
  const [one, two] = [make(jar("a")), make(jar("a"))];
  await one.account.getToken();
  const out = two.account.deleteSession("current");
  await new Promise(setImmediate);
  assert.deepEqual([one.account.peekToken(), programs[0].handles[0].closed], [null, true]);
  await out;
  await one.account.getToken();
  assert.equal(asked.length, 2);

  const arrived = deferred();
  const late = setUp({ token: () => arrived.promise, answer: answers });
  const waiting = late.make(jar("a")).account.getToken();
  while (!late.programs[0]?.handles.length) await new Promise(setImmediate);
  await late.make(jar("a")).account.deleteSessions();
  arrived.resolve(TOKEN);
  await assert.rejects(waiting, (error) => refused("client_session_changed")(error) && error.reason === "session-ended");
});

test("ending a session of another device keeps the token, once it is known whose it is", async () => {
  const { make, asked } = tokenSetUp({ answer: async () => ({ json: false, text: "" }) });
  const { account } = make(jar("a"));
  await account.getToken();
  await account.deleteSession("another");
  await account.getToken();
  assert.equal(asked.length, 1);
  await account.deleteSession(TOKEN.sessionId);
  await account.getToken();
  assert.equal(asked.length, 2);
});

test("a session that has ended elsewhere loses its token", async () => {
  const { make, asked } = tokenSetUp({ answer: () => Promise.reject(guest("guests")) });
  const { account } = make(jar("a"));
  await account.getToken();
  await assert.rejects(account.get());
  await account.getToken();
  assert.equal(asked.length, 2);
});

test("the tokens of a thousand sessions are kept, of those asked for last; one that is waited for stays open", async () => {
  const first = deferred();
  const { make, programs } = setUp({ token: ({ config }) => (config.session === "s0" ? first.promise : Promise.resolve(TOKEN)) });
  const ask = (i) => make(`${NAME}=s${i}`).account.getToken();
  const waiting = ask(0);
  for (let i = 1; i <= 1000; i++) await ask(i);
  await ask(2);
  await ask(1001);
  const { handles } = programs[0];
  assert.deepEqual([handles.length, handles[0].closed, handles[1].closed, handles[2].closed], [1002, false, true, false]);
  first.resolve(TOKEN);
  assert.deepEqual(await waiting, TOKEN);
  assert.equal(handles.filter(({ closed }) => !closed).length, 1000);
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
  assert.throws(() => createServerClient({ ...good, endpoint: "ftp://x" }), /must begin with http/);
  assert.throws(() => createServerClient({ ...good, jwt: 7 }), /JWT must be a string/);
});

test("the builds for pages refuse it", () => {
  const { createServerClient } = definePackage(fakePlatform());
  assert.throws(() => createServerClient({}), refused("client_invalid_argument", /for servers.*new Client\(\)/));
});
