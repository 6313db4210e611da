// Every operation of the service Users, as a server with an API key calls it.
import assert from "node:assert/strict";
import { createHash, scryptSync } from "node:crypto";
import { KEY, password } from "./suite.mjs";

const PLAIN = "appwrite";

/** Imports by hash: the method, its parameters, and the password where it was hashed here. */
const IMPORTS = [
  ["createArgon2User", { password: "$argon2i$v=19$m=20,t=3,p=2$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI" }],
  ["createBcryptUser", { password: "$2a$15$xX/myGbFU.ZSKHSi6EHdBOySTdYm8QxBLXmOPHrYMwV0mHRBBSBOq" }],
  ["createMD5User", { password: createHash("md5").update(PLAIN).digest("hex") }],
  ["createPHPassUser", { password: "$P$Br387rwferoKN7uwHZqNMu98q3U8RO." }],
  ["createSHAUser", { password: createHash("sha512").update(PLAIN).digest("hex"), passwordVersion: "sha512" }],
  ["createScryptUser", {
    password: scryptSync(PLAIN, "salty", 64, { N: 16, r: 8, p: 1 }).toString("hex"),
    passwordSalt: "salty", passwordCpu: 16, passwordMemory: 8, passwordParallel: 1, passwordLength: 64,
  }],
  ["createScryptModifiedUser", {
    password: "UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==",
    passwordSalt: "UxLMreBr6tYyjQ==", passwordSaltSeparator: "Bw==",
    passwordSignerKey: "XyEKE9RcTDeLEsL/RjwPDBv/RqDl8fb3gpYEOQaPihbxf1ZAtSOHCjuAAa7Q3oHpCYhXSN9tizHgVOwn6krflQ==",
  }],
];

/** Runs them; returns what each call that succeeded was answered with, as shared/routes.js does. */
export async function usersRoutes(sdk, tools) {
  const calls = [];
  const users = globalThis.recording("Users", new sdk.Users(tools.client().setKey(KEY)), calls);
  const context = { sdk, tools, users, address: (name) => `${name}-${sdk.ID.unique()}@example.com` };
  for (const part of [fieldRoutes, sessionRoutes, importRoutes, targetRoutes, identityRoutes, membershipRoutes]) await part(context);
  for (const name of ["MFA", "Mfa"]) await factorRoutes(context, name);
  return calls;
}

const newcomer = ({ users, sdk, address }) => users.create({ userId: sdk.ID.unique(), email: address("user"), password, name: "Ada" });

async function fieldRoutes(context) {
  const { users, address } = context;
  const { $id: userId, email } = await newcomer(context);
  assert.equal((await users.list({ search: email })).users[0].$id, userId);
  assert.equal((await users.get({ userId })).email, email);
  assert.deepEqual({ ...(await users.updatePrefs({ userId, prefs: { a: 1 } })) }, { a: 1 });
  assert.deepEqual({ ...(await users.getPrefs({ userId })) }, { a: 1 });
  assert.equal((await users.updateName({ userId, name: "Bea" })).name, "Bea");
  assert.match((await users.updateEmail({ userId, email: address("new") })).email, /^new-/);
  const phone = `+4989${Math.random().toString().slice(2, 10)}`;
  assert.equal((await users.updatePhone({ userId, number: phone })).phone, phone);
  assert.deepEqual([...(await users.updateLabels({ userId, labels: ["vip"] })).labels], ["vip"]);
  assert.equal((await users.updateEmailVerification({ userId, emailVerification: true })).emailVerification, true);
  assert.equal((await users.updatePhoneVerification({ userId, phoneVerification: true })).phoneVerification, true);
  assert.equal((await users.updateImpersonator({ userId, impersonator: true })).impersonator, true);
  await users.updatePassword({ userId, password: "another horse battery" });
  assert.equal((await users.updateStatus({ userId, status: false })).status, false);
  await users.delete({ userId });
  await assert.rejects(users.get({ userId }), { code: 404, type: "user_not_found" });
}

async function sessionRoutes(context) {
  const { users, tools, sdk } = context;
  const { $id: userId } = await newcomer(context);
  const session = await users.createSession({ userId });
  const account = (secret) => new sdk.Account(tools.client().setSession(secret));
  assert.equal((await account(session.secret).get()).$id, userId);
  const { secret } = await users.createToken({ userId });
  assert.equal((await new sdk.Account(tools.client().setKey(KEY)).createSession({ userId, secret })).userId, userId);
  assert.equal((await users.listSessions({ userId })).total, 2);
  const { jwt } = await users.createJWT({ userId, sessionId: session.$id, duration: 60 });
  assert.equal((await new sdk.Account(tools.byJWT(jwt)).get()).$id, userId);
  await users.deleteSession({ userId, sessionId: session.$id });
  await assert.rejects(account(session.secret).get(), { type: "general_unauthorized_scope" });
  await users.deleteSessions({ userId });
  assert.equal((await users.listSessions({ userId })).total, 0);
}

// Who was hashed elsewhere signs in with the password of old.
async function importRoutes({ users, sdk, tools, address }) {
  for (const [method, hash] of IMPORTS) {
    const email = address("import");
    await users[method]({ userId: sdk.ID.unique(), email, name: "Import", ...hash });
    const guest = new sdk.Account(tools.client().setKey(KEY));
    const signIn = guest.createEmailPasswordSession({ email, password: method === "createScryptModifiedUser" ? "appwrite" : PLAIN });
    assert.equal((await signIn).provider, "email", method);
  }
}

async function targetRoutes(context) {
  const { users, sdk, address } = context;
  const { $id: userId } = await newcomer(context);
  const identifier = address("target");
  const { $id: targetId } = await users.createTarget({ userId, targetId: sdk.ID.unique(), providerType: "email", identifier, name: "second" });
  assert.equal((await users.listTargets({ userId })).total, 2);
  assert.equal((await users.getTarget({ userId, targetId })).identifier, identifier);
  assert.equal((await users.updateTarget({ userId, targetId, name: "third" })).name, "third");
  await users.deleteTarget({ userId, targetId });
}

async function identityRoutes({ users, sdk, tools, address }) {
  const email = address("identity");
  const url = await new sdk.Account(tools.client()).createOAuth2Token({ provider: "dev", success: tools.url, failure: tools.url });
  const { userId } = await tools.atProvider(url, email);
  const { total, identities } = await users.listIdentities({ queries: [sdk.Query.equal("providerEmail", email)] });
  assert.deepEqual([total, identities[0].userId], [1, userId]);
  await users.deleteIdentity({ identityId: identities[0].$id });
}

async function membershipRoutes(context) {
  const { users, sdk, tools } = context;
  const { $id: userId } = await newcomer(context);
  const teams = new sdk.Teams(tools.client().setKey(KEY));
  const { $id: teamId } = await teams.create({ teamId: sdk.ID.unique(), name: "Team" });
  await teams.createMembership({ teamId, userId, roles: ["editor"] });
  const { total, memberships } = await users.listMemberships({ userId });
  assert.deepEqual([total, memberships[0].teamId, [...memberships[0].roles]], [1, teamId, ["editor"]]);
}

async function factorRoutes(context, name) {
  const { users, sdk, tools } = context;
  const { $id: userId } = await newcomer(context);
  const { secret } = await users.createSession({ userId });
  const account = new sdk.Account(tools.client().setSession(secret));
  const authenticator = await account.createMFAAuthenticator({ type: "totp" });
  await account.updateMFAAuthenticator({ type: "totp", otp: await tools.totp(authenticator.secret) });
  assert.equal((await users[`update${name}`]({ userId, mfa: true })).mfa, true);
  const codes = [...(await users[`create${name}RecoveryCodes`]({ userId })).recoveryCodes];
  assert.deepEqual([...(await users[`get${name}RecoveryCodes`]({ userId })).recoveryCodes], codes);
  assert.notDeepEqual([...(await users[`update${name}RecoveryCodes`]({ userId })).recoveryCodes], codes);
  assert.equal((await users[`list${name}Factors`]({ userId })).totp, true);
  await users[`delete${name}Authenticator`]({ userId, type: "totp" });
  assert.equal((await users[`list${name}Factors`]({ userId })).totp, false);
}
