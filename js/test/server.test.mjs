// The built package against a running server: bin/isojot exec -- node --test js/test/*.test.mjs
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { dist } from "./support.mjs";

const { Account, AppwriteException, Client, ID, decodeJWT } = createRequire(import.meta.url)(dist("isojot.cjs"));
const PASSWORD = "correct horse battery";

function guest(options) {
  const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;
  if (!endpoint || !project) throw new Error("ISOJOT_ENDPOINT or ISOJOT_PROJECT is not set: run make test-js, or bin/isojot exec -- node --test js/test/*.test.mjs");
  return new Client(options).setEndpoint(endpoint).setProject(project);
}

function newcomer() {
  const userId = ID.unique();
  return { userId, email: `${userId}@example.com`, password: PASSWORD, name: "Ada" };
}

// Signs a newcomer up and in; the client acts by the session.
async function signedIn() {
  const user = newcomer();
  const client = guest();
  await client.account.create(user);
  const session = await client.account.createEmailPasswordSession({ email: user.email, password: PASSWORD });
  return { user, session, client: client.setSession(session.secret) };
}

function refused(code, type) {
  return (error) => {
    assert.deepEqual([error instanceof AppwriteException, error.code, error.type], [true, code, type], error.message);
    return true;
  };
}

test("from sign-up to a JWT that acts for the user, and dies with the session", async () => {
  const { user, session, client } = await signedIn();
  const me = await client.account.get();
  assert.deepEqual([me.$id, me.email, me.name, me.labels], [user.userId, user.email, "Ada", []]);

  const { jwt } = await client.account.createJWT();
  const claims = await decodeJWT(jwt);
  assert.deepEqual([claims.userId, claims.sessionId], [user.userId, session.$id]);
  const backend = new Account(guest().setJWT(jwt));
  assert.equal((await backend.get()).$id, user.userId);

  assert.deepEqual(await client.account.deleteSession({ sessionId: "current" }), { message: "" });
  await assert.rejects(backend.get(), refused(401, "general_unauthorized_scope"));
  await assert.rejects(client.account.get(), refused(401, "general_unauthorized_scope"));
});

test("the positional form does the same", async () => {
  const { userId, email, password, name } = newcomer();
  const client = guest();
  assert.equal((await client.account.create(userId, email, password, name)).name, name);
  client.setSession((await client.account.createEmailPasswordSession(email, password)).secret);
  const { exp } = await decodeJWT((await client.account.createJWT(60)).jwt);
  const { exp: later } = await decodeJWT((await client.account.createJWT({ duration: 120 })).jwt);
  assert.ok(later - exp >= 60 && later - exp < 120, `${exp} and ${later} should lie a minute apart`);
  assert.equal((await client.account.getSession("current")).userId, userId);
});

test("createJWT and sign-out go by the session, also after setJWT", async () => {
  const { user, client } = await signedIn();
  client.setJWT((await client.account.createJWT()).jwt);
  assert.equal((await client.account.get()).$id, user.userId);
  assert.ok((await client.account.createJWT()).jwt);
  await client.account.deleteSessions();
  await assert.rejects(client.account.get(), refused(401, "general_unauthorized_scope"));
});

test("two clients in one process are two users", async () => {
  const [a, b] = await Promise.all([signedIn(), signedIn()]);
  const users = await Promise.all([a, b, a, b].map(({ client }) => client.account.get()));
  assert.deepEqual(users.map(({ $id }) => $id), [a, b, a, b].map(({ user }) => user.userId));
});

test("a sign-in is remembered by nobody who was not told to", async () => {
  const { user } = await signedIn();
  const shared = guest();
  await shared.account.createEmailPasswordSession({ email: user.email, password: PASSWORD });
  await assert.rejects(shared.account.get(), refused(401, "general_unauthorized_scope"));
  await assert.rejects(guest().account.get(), refused(401, "general_unauthorized_scope"));
});

test("a client with a storage stays signed in, until it signs out", async () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  const { $id } = await guest({ storage }).account.createAnonymousSession();
  assert.equal((await guest({ storage }).account.getSession("current")).$id, $id);
  assert.deepEqual((await guest({ storage }).account.listSessions()).sessions.map((session) => session.$id), [$id]);
  await guest({ storage }).account.deleteSession("current");
  await assert.rejects(guest({ storage }).account.get(), (error) => error.code === 401);
});

test("what the server refuses arrives with its code and type", async () => {
  const { user } = await signedIn();
  const { account } = guest();
  await assert.rejects(account.create({ ...newcomer(), email: user.email }), refused(409, "user_already_exists"));
  await assert.rejects(account.createEmailPasswordSession(user.email, "a wrong one"), refused(401, "user_invalid_credentials"));
  await assert.rejects(account.create({ ...newcomer(), email: "nobody" }), refused(400, "general_argument_invalid"));
  await assert.rejects(guest().setJWT("e30.e30.x").account.get(), refused(401, "user_jwt_invalid"));
  await assert.rejects(guest().setProject("nowhere").account.create(newcomer()), refused(404, "project_not_found"));
});

test("callers share one token, which ends with the sign-out", async () => {
  const { user, session, client } = await signedIn();
  const { account } = client;
  const [token, ...others] = await Promise.all([1, 2, 3].map(() => account.getToken()));
  for (const other of [...others, await account.getToken(), account.peekToken()]) assert.deepEqual(other, token);
  assert.deepEqual([token.userId, token.sessionId], [user.userId, session.$id]);
  assert.equal((await guest().setJWT(token.jwt).account.get()).$id, user.userId);
  const out = account.deleteSession("current");
  assert.equal(account.peekToken(), null);
  await out;
  await assert.rejects(account.getToken(), (error) => error.reason === "session-ended" && error.advice !== "");
});

test("listeners hear of the sign-in, the token and the sign-out", async () => {
  const storage = new Map();
  const methods = { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => storage.set(key, value), removeItem: (key) => storage.delete(key) };
  const client = guest({ storage: methods });
  const heard = [];
  const unsubscribe = client.onAuthChange(({ type, userId, token }) => heard.push([type, userId, token?.jwt]));
  const { userId } = await client.account.createAnonymousSession();
  const { jwt } = await client.account.getToken();
  await client.account.deleteSessions();
  await new Promise(setImmediate);
  unsubscribe();
  assert.deepEqual(heard, [["signed-in", userId, undefined], ["token-refreshed", userId, jwt], ["signed-out", userId, undefined]]);
});

test("a call that is aborted rejects with the reason, and the next one works", async () => {
  const { user, client } = await signedIn();
  const controller = new AbortController();
  const call = client.account.get({ signal: controller.signal });
  const reason = new Error("no longer wanted");
  controller.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  assert.equal((await client.account.get({ signal: new AbortController().signal })).$id, user.userId);
});

test("the commonest refusals have a reason, and say what to do", async () => {
  const { user, client } = await signedIn();
  const { account } = guest();
  const refusals = {
    "user-exists": () => account.create({ ...user, userId: ID.unique() }),
    "invalid-credentials": () => account.createEmailPasswordSession({ email: user.email, password: "another password" }),
    "invalid-argument": () => account.create({ ...newcomer(), password: "short" }),
    "session-exists": () => client.account.createAnonymousSession(),
    "wrong-project": () => guest().setProject("nosuch").account.createAnonymousSession(),
    "no-operation": () => {
      const other = guest();
      return other.setEndpoint(`${other.config.endpoint}/nowhere`).account.createAnonymousSession();
    },
  };
  for (const [reason, call] of Object.entries(refusals)) {
    const error = await call().then(() => assert.fail(`${reason} was let through`), (error) => error);
    assert.equal(error.reason, reason, `${error.type}: ${error.message}`);
    assert.match(error.advice, /^[A-Z].*\.$/, reason);
  }
});
