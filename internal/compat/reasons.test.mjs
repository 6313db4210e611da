// What a page is told of why a call was not let through, one test for each
// reason.
import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";
import { totp } from "./support/routes.mjs";
import { password } from "./support/suite.mjs";
import { block, browserSuite, endSessions, getToken, newJWT, newProfile, newSession, newUser, signIn } from "./support/tabs.mjs";

const shared = browserSuite();

/** A tab where a new user is signed in, and whose session has worked. */
async function working(t) {
  const user = await newUser(shared);
  const page = await (await newProfile(t, shared)).signedIn(user);
  assert.equal((await get(page)).value?.$id, user.userId);
  return { user, page };
}

/** A tab without a session, whose client has the JWT. */
async function bearing(t, jwt) {
  const page = await (await newProfile(t, shared)).tab();
  await page.evaluate((jwt) => client.setJWT(jwt), jwt);
  return page;
}

const freshJWT = async (body) => newJWT(shared, await newSession(shared, await newUser(shared)), body);

const get = (page) => page.evaluate(() => attempt(account.get()));

/** Asserts how it failed, and that the advice is there and says what to do. */
function failed({ value, error }, reason, code, type, advice) {
  assert.equal(value, undefined, "it succeeded");
  assert.deepEqual([error.name, error.reason, error.code, error.type], ["AppwriteException", reason, code, type], error.message);
  if (advice) assert.match(error.advice, advice);
  else assert.equal(error.advice, "");
}

test("no-session", async (t) => {
  const page = await (await newProfile(t, shared)).tab();
  for (const outcome of [await get(page), await getToken(page)]) failed(outcome, "no-session", 401, "general_unauthorized_scope", /Sign in first/);
});

test("cookie-blocked", async (t) => {
  // Over plain http no browser keeps another site's cookie, and this storage
  // takes away what stands in for it.
  const url = await startPages(t, { "/": html("/sdk/isojot.js") }, "127.0.0.1");
  const user = await newUser(shared);
  const page = await (await newProfile(t, shared)).tab({ url });
  const outcome = await page.evaluate(([email, password]) => {
    const { account } = newClient({ storage: { getItem: () => null, setItem() {}, removeItem() {} } });
    return account.createEmailPasswordSession({ email, password }).then(() => attempt(account.get()));
  }, [user.email, password]);
  failed(outcome, "cookie-blocked", 401, "general_unauthorized_scope", /reverse proxy/);
});

test("not cookie-blocked, where localStorage stands in", async (t) => {
  const url = await startPages(t, { "/": html("/sdk/isojot.js") }, "127.0.0.1");
  const user = await newUser(shared);
  const page = await (await newProfile(t, shared)).signedIn(user, { url });
  assert.equal((await get(page)).value?.$id, user.userId);
});

test("session-ended", async (t) => {
  const { user, page } = await working(t);
  await endSessions(shared, user);
  failed(await getToken(page), "session-ended", 401, "general_unauthorized_scope", /Sign in again/);
});

test("session-ended, of a JWT", async (t) => {
  const user = await newUser(shared);
  const page = await bearing(t, await newJWT(shared, await newSession(shared, user)));
  await endSessions(shared, user);
  failed(await get(page), "session-ended", 401, "general_unauthorized_scope", /Sign in again/);
});

test("jwt-expired", async (t) => {
  const page = await bearing(t, await freshJWT({ duration: 60 }));
  await shared.isojot.advance("60s");
  failed(await get(page), "jwt-expired", 401, "user_jwt_invalid", /Make a new JWT/);
});

test("jwt-malformed, as the client and as the server finds it", async (t) => {
  const jwt = await freshJWT();
  const page = await bearing(t, jwt);
  const [, payload, signature] = jwt.split(".");
  const unknownAlgorithm = [Buffer.from('{"typ":"JWT","alg":"XX1"}').toString("base64url"), payload, signature].join(".");
  for (const bad of [`Bearer ${jwt}`, `"${jwt}"`, jwt.slice(0, jwt.lastIndexOf(".")), unknownAlgorithm]) {
    await page.evaluate((jwt) => client.setJWT(jwt), bad);
    failed(await get(page), "jwt-malformed", 401, "user_jwt_invalid", /as it is/);
  }
});

test("jwt-and-session", async (t) => {
  const user = await newUser(shared);
  const session = await newSession(shared, user);
  const page = await (await newProfile(t, shared)).tab();
  const outcome = await page.evaluate(([jwt, secret]) => {
    const adds = (url, init) => fetch(url, { ...init, headers: { ...init.headers, "x-appwrite-session": secret } });
    isojot.init({ scope: { fetch: adds } });
    return attempt(client.setJWT(jwt).account.get());
  }, [await newJWT(shared, session), session.secret]);
  failed(outcome, "jwt-and-session", 403, "user_jwt_and_cookie_set", /send one of the two/);
});

test("user-blocked", async (t) => {
  const { user, page } = await working(t);
  const { jwt } = (await getToken(page)).value;
  await block(shared, user);
  failed(await get(page), "user-blocked", 403, "user_blocked", /only the project's owner/);
  failed(await get(await bearing(t, jwt)), "user-blocked", 403, "user_blocked", /only the project's owner/);
});

test("more-factors, and invalid-token", async (t) => {
  const user = await newUser(shared);
  const page = await (await newProfile(t, shared)).tab();
  await signIn(page, user);
  const secret = await page.evaluate(async () => (await account.createMFAAuthenticator({ type: "totp" })).secret);
  await page.evaluate((otp) => account.updateMFAAuthenticator({ type: "totp", otp }), await totp(shared.isojot, secret));
  await page.evaluate(async () => {
    await account.updateMFA({ mfa: true });
    await account.deleteSession({ sessionId: "current" });
  });
  await signIn(page, user);
  failed(await get(page), "more-factors", 401, "user_more_factors_required", /createMFAChallenge/);
  failed(await getToken(page), "more-factors", 401, "user_more_factors_required", /createMFAChallenge/);
  const challengeId = await page.evaluate(async () => (await account.createMFAChallenge({ factor: "totp" })).$id);
  const answer = (otp) => page.evaluate((params) => attempt(account.updateMFAChallenge(params)), { challengeId, otp });
  failed(await answer("000000"), "invalid-token", 401, "user_invalid_token", /another link or code/);
  assert.ok((await answer(await totp(shared.isojot, secret))).value);
  assert.ok((await getToken(page)).value, "with both factors");
});

test("rate-limited, with how long to wait", async (t) => {
  const { page } = await working(t);
  for (let n = 1; n <= 10; n++) assert.ok((await getToken(page, { forceRefresh: true })).value, `creation ${n}`);
  const limited = await page.evaluate(() => attempt(account.createJWT()));
  failed(limited, "rate-limited", 429, "general_rate_limit_exceeded", /shared by all of the user's tabs and devices/);
  const { retryAfter } = limited.error;
  assert.ok(retryAfter > 3500 && retryAfter <= 3600, `retryAfter ${retryAfter}`);
  failed(await getToken(page, { forceRefresh: true }), "rate-limited", 429, "general_rate_limit_exceeded", /retryAfter/);
  assert.ok((await getToken(page)).value, "the token that lives is served");
  await shared.isojot.advance(`${retryAfter}s`);
  assert.ok((await page.evaluate(() => attempt(account.createJWT()))).value, "when the time is over");
});

test("cors", async (t) => {
  const url = await startPages(t, { "/": html("/sdk/isojot.js") }, "foreign.localhost");
  const page = await (await newProfile(t, shared)).tab({ url });
  failed(await get(page), "cors", 0, "client_network", /--allow-origin/);
});

test("network", async (t) => {
  const page = await (await newProfile(t, shared)).tab({ endpoint: `http://localhost:${await freePort()}/v1` });
  failed(await get(page), "network", 0, "client_network", /Check the connection/);
});

test("wrong-project", async (t) => {
  const page = await (await newProfile(t, shared)).tab();
  const outcome = await page.evaluate(() => attempt(client.setProject("other").account.get()));
  failed(outcome, "wrong-project", 404, "project_not_found", /Check the project's id/);
});

test("invalid-credentials: a wrong password; unknown: a JWT of another signature", async (t) => {
  const user = await newUser(shared);
  const page = await (await newProfile(t, shared)).tab();
  const outcome = await page.evaluate((email) => attempt(account.createEmailPasswordSession({ email, password: "not the password" })), user.email);
  failed(outcome, "invalid-credentials", 401, "user_invalid_credentials", /Ask for the email and the password again/);
  const [head, payload] = (await freshJWT()).split(".");
  const forged = `${head}.${payload}.${"A".repeat(43)}`;
  failed(await get(await bearing(t, forged)), "unknown", 401, "user_jwt_invalid");
});

test("an error of getToken() is told to listeners, too", async (t) => {
  const { user, page } = await working(t);
  await page.evaluate(() => {
    globalThis.told = [];
    client.onAuthChange(({ type, error }) => error && told.push([type, error.reason, error.advice !== ""]));
  });
  await endSessions(shared, user);
  await getToken(page);
  assert.deepEqual(await page.evaluate(() => told), [["signed-out", "session-ended", true]]);
  await signIn(page, user);
  assert.ok((await getToken(page)).value, "after the next sign-in all is well");
});
