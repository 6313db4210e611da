// npm node-appwrite 27, unmodified: the users service with an API key.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Account, Client, ID, Query, Users } from "node-appwrite";
import { isModel, MESSAGES, plain, refused } from "./support/check.mjs";
import { clientOf, KEY, password, suite } from "./support/suite.mjs";

const shared = suite();

const client = () => clientOf(Client, shared);
const users = () => new Users(client().setKey(KEY));
const create = (more) => users().create({ userId: ID.unique(), email: `${ID.unique()}@example.com`, password, name: "Ada", ...more });

describe("users", () => {
  test("only with a key", async () => {
    await refused(new Users(client()).list(), 401, "general_unauthorized_scope", 'User (role: guests) missing scopes (["users.read"])');
    await refused(new Users(client().setKey("standard_unknown")).list(), 401, "user_unauthorized");
  });

  test("create, get, delete", async () => {
    const user = isModel("user", await create({ phone: "+12065550100" }));
    assert.deepEqual([user.name, user.phone, user.hash, user.status], ["Ada", "+12065550100", "argon2", true]);
    assert.match(user.password, /^\$argon2id\$/);
    assert.deepEqual(Object.keys(user.hashOptions).sort(), ["memory_cost", "threads", "time_cost", "type"]);
    assert.deepEqual(await users().get({ userId: user.$id }), await users().get({ userId: user.$id }));
    await refused(users().create({ userId: user.$id }), 409, "user_already_exists", MESSAGES.exists);
    await refused(create({ phone: "0123" }), 400, "general_argument_invalid", /^Invalid `phone` param: /);
    await refused(create({ email: "nobody" }), 400, "general_argument_invalid", `${MESSAGES.email} or null`);
    await users().delete({ userId: user.$id });
    await refused(users().get({ userId: user.$id }), 404, "user_not_found", MESSAGES.notFound);
    await refused(users().delete({ userId: user.$id }), 404, "user_not_found", MESSAGES.notFound);
  });

  test("list with queries and search", async () => {
    const mark = `mark${ID.unique()}`;
    const made = [];
    for (let n = 0; n < 5; n++) made.push(await create({ name: `${mark} ${n}` }));
    const ids = (list) => list.users.map(({ $id }) => $id);
    const all = made.map(({ $id }) => $id);
    const found = await users().list({ search: mark });
    assert.equal(found.total, 5);
    found.users.forEach((user) => isModel("user", user));
    const named = Query.startsWith("name", mark);
    assert.deepEqual(ids(await users().list({ queries: [named, Query.orderAsc("name")] })), all);
    assert.deepEqual(ids(await users().list({ queries: [named, Query.orderDesc("name"), Query.limit(2)] })), [all[4], all[3]]);
    assert.deepEqual(ids(await users().list({ queries: [named, Query.orderAsc("name"), Query.offset(3)] })), [all[3], all[4]]);
    assert.deepEqual(ids(await users().list({ queries: [named, Query.orderAsc("name"), Query.cursorAfter(all[1])] })), [all[2], all[3], all[4]]);
    assert.deepEqual(ids(await users().list({ queries: [Query.equal("email", made[2].email)] })), [all[2]]);
    assert.deepEqual((await users().list({ queries: [Query.equal("name", "nobody at all")] })).users, []);
    await refused(users().list({ queries: [Query.equal("password", "x")] }), 400, "general_argument_invalid", /^Invalid `queries` param: /);
    await refused(users().list({ queries: ["nonsense"] }), 400, "general_argument_invalid", /^Invalid `queries` param: /);
  });

  test("changes", async () => {
    const { $id: userId } = await create();
    const email = `${ID.unique()}@example.com`;
    assert.equal(isModel("user", await users().updateName({ userId, name: "Grace" })).name, "Grace");
    assert.equal((await users().updateEmail({ userId, email })).email, email);
    assert.deepEqual((await users().updateLabels({ userId, labels: ["vip", "beta"] })).labels, ["vip", "beta"]);
    assert.deepEqual(plain(await users().updatePrefs({ userId, prefs: { a: 1 } })), { a: 1 });
    assert.deepEqual(plain(await users().getPrefs({ userId })), { a: 1 });
    isModel("user", await users().updatePassword({ userId, password: "another horse battery" }));
    const account = new Account(client().setKey(KEY));
    assert.equal((await account.createEmailPasswordSession({ email, password: "another horse battery" })).userId, userId);
    assert.equal((await users().updateStatus({ userId, status: false })).status, false);
    await refused(account.createEmailPasswordSession({ email, password: "another horse battery" }), 403, "user_blocked", MESSAGES.blocked);
    assert.equal((await users().updateStatus({ userId, status: true })).status, true);
    await refused(users().updateName({ userId: "nosuchuser", name: "x" }), 404, "user_not_found", MESSAGES.notFound);
  });

  test("sessions", async () => {
    const { $id: userId } = await create();
    const session = isModel("session", await users().createSession({ userId }));
    assert.deepEqual([session.provider, session.factors, session.current], ["server", ["server"], false]);
    const account = new Account(client().setSession(session.secret));
    assert.equal((await account.get()).$id, userId);
    const second = await users().createSession({ userId });
    assert.equal((await users().listSessions({ userId })).total, 2);
    await users().deleteSession({ userId, sessionId: second.$id });
    await refused(users().deleteSession({ userId, sessionId: second.$id }), 404, "user_session_not_found", MESSAGES.noSession);
    const { $id: other } = await create();
    await refused(users().deleteSession({ userId: other, sessionId: session.$id }), 404, "user_session_not_found", MESSAGES.noSession);
    await users().deleteSessions({ userId });
    await refused(account.get(), 401, "general_unauthorized_scope", MESSAGES.guest);
  });

  test("JWTs", async () => {
    const { $id: userId } = await create();
    const session = await users().createSession({ userId });
    const claims = ({ jwt }) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));
    const bound = await users().createJWT({ userId, sessionId: session.$id });
    assert.deepEqual([claims(bound).userId, claims(bound).sessionId], [userId, session.$id]);
    assert.equal((await new Account(client().setJWT(bound.jwt)).get()).$id, userId);
    assert.equal(claims(await users().createJWT({ userId })).sessionId, session.$id, "the newest session by default");
    await users().deleteSession({ userId, sessionId: session.$id });
    await refused(new Account(client().setJWT(bound.jwt)).get(), 401, "general_unauthorized_scope", MESSAGES.guest);
    const loose = await users().createJWT({ userId, duration: 60 });
    assert.equal(claims(loose).sessionId, "");
    assert.equal((await new Account(client().setJWT(loose.jwt)).get()).$id, userId);
    await refused(users().createJWT({ userId: "nosuchuser" }), 404, "user_not_found", MESSAGES.notFound);
  });

  test("tokens", async () => {
    const { $id: userId } = await create();
    const token = isModel("token", await users().createToken({ userId, length: 12, expire: 60 }));
    assert.match(token.secret, /^[0-9a-f]{12}$/);
    await shared.isojot.advance("61s");
    await refused(new Account(client()).createSession({ userId, secret: token.secret }), 401, "user_invalid_token", MESSAGES.token);
    await refused(users().createToken({ userId, length: 3 }), 400, "general_argument_invalid", /^Invalid `length` param: /);
  });
});
