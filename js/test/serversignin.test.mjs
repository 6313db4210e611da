// createServerClient(): what sign-ins and sign-outs do to the cookies.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Graphql, Teams } from "../src/pages.js";
import { ENDPOINT, EXPIRE, NAME, answers, jar, refused, setUp } from "./serversupport.mjs";
import { deferred } from "./support.mjs";

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

// In another tab, or a session that a neighbouring host planted.
test("a sign-in replaces the session that was there, which ends; one that fails leaves it", async () => {
  const asked = [];
  let wrong = true;
  const answer = (call) => {
    asked.push([call.name, call.config.session, call.request?.path.sessionId]);
    if (wrong && call.name.includes("create")) return Promise.reject(Object.assign(new Error("no"), { code: 401, type: "user_invalid_credentials" }));
    if (call.config.session === "old" && call.name === "account.deleteSession") return Promise.reject(new Error("it is gone already"));
    return answers(call);
  };
  const { make } = setUp({ answer });
  const cookies = jar("old");
  const client = make(cookies);
  await assert.rejects(client.account.createEmailPasswordSession("a@example.com", "password"), refused("user_invalid_credentials"));
  assert.deepEqual([cookies.values[NAME], asked], ["old", [["account.createEmailPasswordSession", "", undefined]]]);
  wrong = false;
  await client.account.createEmailPasswordSession("a@example.com", "password");
  await client.account.get();
  assert.equal(cookies.values[NAME], "fresh");
  assert.deepEqual(asked.slice(1), [["account.createEmailPasswordSession", "", undefined], ["account.deleteSession", "old", "current"], ["account.get", "fresh", undefined]]);
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

test("a call beside a sign-in goes out while its cookie is being written", async () => {
  const { make } = setUp({ answer: answers });
  const written = deferred();
  const cookies = jar(undefined, (values, name, value) => ((values[name] = value), written.promise));
  const client = make(cookies);
  const signingIn = client.account.createAnonymousSession();
  while (!cookies.values[NAME]) await new Promise(setImmediate);
  await client.account.get();
  written.resolve();
  await signingIn;
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
  await make(cookies, { jwt: "x.y.z" }).account.delete(); // by the JWT, whose user may be another
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

const accept = (client) => new Teams(client).updateMembershipStatus("t", "m", "u", "code");
const MUTATION = { query: "mutation { accountCreateAnonymousSession { _id } }" };
const mutate = (client) => new Graphql(client).mutation({ query: MUTATION });

test("the session that an accepted invitation or GraphQL hands to a guest is kept", async () => {
  for (const act of [accept, mutate]) {
    const { make, programs } = setUp({ answer: async ({ name }) => ({ json: true, text: '{"$id":"m"}', secret: name === "account.get" ? undefined : "fresh" }) });
    const cookies = jar();
    const client = make(cookies);
    assert.deepEqual(await act(client), { $id: "m" });
    assert.equal(cookies.values[NAME], "fresh");
    await client.account.get();
    assert.equal(programs[0].handles[0].config.session, "fresh");
    await assert.rejects(act(make(`theme=dark`)), refused("client_cookies_read_only"));
  }
});

test("who is signed in accepts an invitation as that user, by the same session, whose token is made anew", async () => {
  const { make, programs } = setUp({ answer: async () => ({ json: true, text: '{"$id":"m"}' }) });
  const cookies = jar("a");
  const client = make(cookies);
  await client.account.getToken();
  await accept(client);
  assert.deepEqual([cookies.values, client.account.peekToken()], [{ [NAME]: "a" }, null]);
  assert.equal(programs[0].handles.find(({ calls }) => calls.length > 0 ).config.session, "a");
  await accept(make(`${NAME}=a`));
});

test("a call by its URL does to the session what its operation does", async () => {
  const at = (path) => new URL(`${ENDPOINT}${path}`);
  const sent = [];
  const { make } = setUp({ answer: ({ name, request, config, ...call }) => (sent.push([name, config.session]), answers({ name, request, config, ...call })) });
  const cookies = jar();
  const client = make(cookies);
  await client.call("post", at("/account/sessions/anonymous"), { "content-type": "application/json" });
  assert.equal(cookies.values[NAME], "fresh");
  assert.deepEqual(await client.call("get", at("/things")), {});
  await client.chunkedUpload("post", at("/files"), { "content-type": "multipart/form-data" }, { file: new File(["a"], "a") });
  await client.call("delete", at("/account"));
  assert.equal(cookies.values[NAME], "");
  assert.deepEqual(sent, [["account.createAnonymousSession", ""], ["call", "fresh"], ["call", "fresh"], ["account.delete", "fresh"]]);
  await assert.rejects(client.call("get", "http://attacker.test/v1/x"), refused("client_invalid_argument", /not below/));
  assert.throws(() => client.prepareRequest("get", at("/x")), refused("client_unsupported", /use call\(\)/));
  client.close();
  await assert.rejects(client.call("get", at("/x")), refused("client_reused"));
});
