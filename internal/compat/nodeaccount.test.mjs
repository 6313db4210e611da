// npm node-appwrite 27, unmodified: the account service by session and by JWT.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Account, Client, ID, Users } from "node-appwrite";
import { isModel, MESSAGES, plain, refused } from "./support/check.mjs";
import { clientOf, KEY, password, suite } from "./support/suite.mjs";

const shared = suite();

const client = () => clientOf(Client, shared);
const guest = () => new Account(client());
const admin = () => new Account(client().setKey(KEY));
const users = () => new Users(client().setKey(KEY));
const bySession = (secret) => new Account(client().setSession(secret));
const byJWT = (jwt) => new Account(client().setJWT(jwt));

/** A new user with a session of their own. */
async function newcomer() {
  const email = `${ID.unique()}@example.com`;
  const user = await guest().create({ userId: ID.unique(), email, password, name: "Ada" });
  const session = await admin().createEmailPasswordSession({ email, password });
  return { email, user, session, account: bySession(session.secret) };
}

describe("sign-up and sign-in", () => {
  test("create", async () => {
    const email = `${ID.unique()}@Example.com`;
    const user = isModel("account", await guest().create({ userId: ID.unique(), email, password, name: "Ada" }));
    assert.deepEqual(plain([user.name, user.email, user.status, user.prefs]), ["Ada", email.toLowerCase(), true, {}]);
    isModel("target", user.targets[0]);
    await refused(guest().create({ userId: ID.unique(), email, password }), 409, "user_already_exists", MESSAGES.exists);
    await refused(guest().create({ userId: ID.unique(), email: "nobody", password }), 400, "general_argument_invalid", MESSAGES.email);
    await refused(guest().create({ userId: ID.unique(), email: "x@example.com", password: "short" }), 400, "general_argument_invalid", MESSAGES.password);
    await refused(guest().create({ userId: "-bad", email: "x@example.com", password }), 400, "general_argument_invalid", /^Invalid `userId` param: /);
  });

  test("createEmailPasswordSession gives a key its secret", async () => {
    const { session, user, email } = await newcomer();
    isModel("session", session);
    assert.deepEqual([session.userId, session.provider, session.factors, session.current], [user.$id, "email", ["password"], true]);
    assert.match(session.secret, /^[A-Za-z0-9+/]+=*$/);
    assert.equal((await guest().createEmailPasswordSession({ email, password })).secret, "", "no secret without a key");
    await refused(guest().createEmailPasswordSession({ email, password: "wrong horse" }), 401, "user_invalid_credentials", MESSAGES.credentials);
    await refused(guest().createEmailPasswordSession({ email: "none@example.com", password }), 401, "user_invalid_credentials", MESSAGES.credentials);
    await refused(bySession(session.secret).createEmailPasswordSession({ email, password }), 401, "user_session_already_exists", MESSAGES.active);
  });

  test("createAnonymousSession, and its conversion", async () => {
    const session = isModel("session", await admin().createAnonymousSession());
    assert.deepEqual([session.provider, session.factors], ["anonymous", ["anonymous"]]);
    const account = bySession(session.secret);
    const before = isModel("account", await account.get());
    assert.deepEqual([before.email, before.name, before.passwordUpdate], ["", "", ""]);
    const email = `${ID.unique()}@example.com`;
    assert.equal((await account.updateEmail({ email, password })).email, email);
    assert.equal((await admin().createEmailPasswordSession({ email, password })).userId, session.userId);
  });

  test("createSession by a token, once", async () => {
    const { user } = await newcomer();
    const token = isModel("token", await users().createToken({ userId: user.$id, length: 32 }));
    assert.match(token.secret, /^[0-9a-f]{32}$/);
    const exchange = () => admin().createSession({ userId: user.$id, secret: token.secret });
    const session = isModel("session", await exchange());
    assert.deepEqual([session.provider, session.userId], ["token", user.$id]);
    await refused(exchange(), 401, "user_invalid_token", MESSAGES.token);
    await refused(admin().createSession({ userId: "nosuchuser", secret: "abc" }), 401, "user_invalid_token", MESSAGES.token);
  });
});

describe("the account", () => {
  test("get, as guest too", async () => {
    const { account, user } = await newcomer();
    assert.equal(isModel("account", await account.get()).$id, user.$id);
    await refused(guest().get(), 401, "general_unauthorized_scope", MESSAGES.guest);
    await refused(admin().get(), 401, "general_unauthorized_scope", /\(role: applications\) missing scopes \(\["account"\]\)$/);
  });

  test("updateName", async () => {
    const { account } = await newcomer();
    assert.equal(isModel("account", await account.updateName({ name: "Ada L." })).name, "Ada L.");
    await refused(account.updateName({ name: "" }), 400, "general_argument_invalid", /^Invalid `name` param: Value must be a valid string and at least 1 chars/);
    await refused(account.updateName({ name: "x".repeat(129) }), 400, "general_argument_invalid", /no longer than 128 chars/);
  });

  test("prefs", async () => {
    const { account } = await newcomer();
    assert.deepEqual(plain(await account.getPrefs()), {});
    const prefs = { theme: "dark", size: 12, deep: { list: [1, "2", null] } };
    assert.deepEqual(plain(await account.updatePrefs({ prefs })).prefs, prefs);
    assert.deepEqual(plain(await account.getPrefs()), prefs);
    assert.deepEqual(plain(await account.updatePrefs({ prefs: { only: "this" } })).prefs, { only: "this" });
    await refused(account.updatePrefs({ prefs: [1, 2] }), 400, "general_argument_invalid", /^Invalid `prefs` param: Value must be a valid object/);
  });

  test("updatePassword", async () => {
    const { account, email } = await newcomer();
    const other = bySession((await admin().createEmailPasswordSession({ email, password })).secret);
    const fresh = "another horse battery";
    await refused(account.updatePassword({ password: fresh, oldPassword: "wrong horse" }), 401, "user_invalid_credentials", MESSAGES.credentials);
    await refused(account.updatePassword({ password: "short", oldPassword: password }), 400, "general_argument_invalid", MESSAGES.password);
    isModel("account", await account.updatePassword({ password: fresh, oldPassword: password }));
    assert.ok(await account.get(), "the session that changed it lives");
    await refused(other.get(), 401, "general_unauthorized_scope", MESSAGES.guest);
    await refused(admin().createEmailPasswordSession({ email, password }), 401, "user_invalid_credentials", MESSAGES.credentials);
    assert.ok(await admin().createEmailPasswordSession({ email, password: fresh }));
  });

  test("updateEmail", async () => {
    const { account } = await newcomer();
    const taken = (await newcomer()).email;
    const email = `${ID.unique()}@example.com`;
    await refused(account.updateEmail({ email, password: "wrong horse battery" }), 401, "user_invalid_credentials", MESSAGES.credentials);
    await refused(account.updateEmail({ email: taken, password }), 409, "user_target_already_exists", MESSAGES.targetExists);
    await refused(account.updateEmail({ email: "nobody", password }), 400, "general_argument_invalid", MESSAGES.email);
    const user = isModel("account", await account.updateEmail({ email, password }));
    assert.deepEqual([user.email, user.targets[0].identifier], [email, email]);
  });

  test("updateStatus blocks oneself", async () => {
    const { account, email } = await newcomer();
    assert.equal(isModel("account", await account.updateStatus()).status, false);
    await refused(account.get(), 403, "user_blocked", MESSAGES.blocked);
    await refused(guest().createEmailPasswordSession({ email, password }), 403, "user_blocked", MESSAGES.blocked);
  });
});

describe("sessions", () => {
  test("list, get, update, delete", async () => {
    const { account, session, email } = await newcomer();
    const second = await admin().createEmailPasswordSession({ email, password });
    const { total, sessions } = await account.listSessions();
    assert.deepEqual([total, sessions.map(({ $id, current }) => [$id, current])], [2, [[session.$id, true], [second.$id, false]]]);
    sessions.forEach((one) => isModel("session", one));
    assert.equal((await account.getSession({ sessionId: "current" })).$id, session.$id);
    assert.equal((await account.getSession({ sessionId: second.$id })).current, false);
    await refused(account.getSession({ sessionId: "nosuchsession" }), 404, "user_session_not_found", MESSAGES.noSession);
    assert.equal(isModel("session", await account.updateSession({ sessionId: "current" })).$id, session.$id);
    await account.deleteSession({ sessionId: second.$id });
    assert.equal((await account.listSessions()).total, 1);
    await account.deleteSession({ sessionId: "current" });
    await refused(account.get(), 401, "general_unauthorized_scope", MESSAGES.guest);
  });

  test("deleteSessions", async () => {
    const { account } = await newcomer();
    await account.deleteSessions();
    await refused(account.get(), 401, "general_unauthorized_scope", MESSAGES.guest);
  });

  test("JWTs", async () => {
    const { account, session, user } = await newcomer();
    const { jwt } = await account.createJWT({ duration: 60 });
    const asToken = byJWT(jwt);
    assert.equal((await asToken.get()).$id, user.$id);
    const claims = JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));
    assert.deepEqual([Object.keys(claims), claims.userId, claims.sessionId], [["userId", "sessionId", "exp"], user.$id, session.$id]);
    await refused(asToken.createJWT(), 403, "user_jwt_creation_denied", /^A JWT cannot be created from a request authorized with a JWT\./);
    await refused(account.createJWT({ duration: 3601 }), 400, "general_argument_invalid", /Value must be a valid range between 0 and 3,600/);
    await refused(guest().createJWT(), 401, "general_unauthorized_scope", MESSAGES.guest);
    await refused(byJWT(`${jwt}x`).get(), 401, "user_jwt_invalid", "Failed to verify JWT. Invalid token: Signature failed");
    await refused(byJWT("nonsense").get(), 401, "user_jwt_invalid", "Failed to verify JWT. Invalid token: Incomplete segments");
    const both = new Account(client().setSession(session.secret).setJWT(jwt));
    await refused(both.get(), 403, "user_jwt_and_cookie_set", /^JWT and cookie used in the same request\./);
    await shared.isojot.advance("60s");
    await refused(asToken.get(), 401, "user_jwt_invalid", "Failed to verify JWT. Invalid token: Expired");
  });
});
