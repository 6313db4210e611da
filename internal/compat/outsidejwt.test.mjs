// setJWT in a page where somebody is signed in: the token from outside is
// replaced only for its own user.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browserSuite, newJWT, newProfile, newSession, newUser } from "./support/tabs.mjs";

const shared = browserSuite();

/** A page where `user` is signed in, whose client has a JWT of `owner` that has just ended. */
async function expired(t, user, owner) {
  const jwt = await newJWT(shared, await newSession(shared, owner), { duration: 60 });
  await shared.isojot.advance("60s");
  const profile = await newProfile(t, shared);
  const page = await profile.signedIn(user);
  await page.evaluate((jwt) => client.setJWT(jwt), jwt);
  return { page, proxy: profile.proxy, jwt, get: () => page.evaluate(() => attempt(account.get())) };
}

test("an expired JWT beside a living session of its user is renewed once, and the call succeeds", async (t) => {
  const user = await newUser(shared);
  const { proxy, jwt, get } = await expired(t, user, user);
  for (let i = 0; i < 3; i++) assert.equal((await get()).value?.$id, user.userId);
  assert.equal(proxy.creations, 1);
  const calls = proxy.of("GET", "/account");
  assert.deepEqual(calls.map(({ status }) => status), [401, 200, 200, 200]);
  assert.ok(calls.every(({ headers }) => headers["x-appwrite-jwt"] && !headers.cookie), "a cookie went beside the JWT");
  assert.deepEqual(calls.map(({ headers }) => headers["x-appwrite-jwt"] === jwt), [true, false, false, false]);
  const [creation] = proxy.of("POST", "/account/jwts");
  assert.ok(creation.headers.cookie && !creation.headers["x-appwrite-jwt"], "the creation goes by the session");
});

test("100 calls with the expired JWT at once renew it once", async (t) => {
  const user = await newUser(shared);
  const { page, proxy } = await expired(t, user, user);
  const answers = await page.evaluate(() => Promise.all(Array.from({ length: 100 }, () => attempt(account.get()))));
  assert.deepEqual(new Set(answers.map(({ value }) => value?.$id)), new Set([user.userId]));
  assert.equal(proxy.creations, 1);
});

test("an expired JWT of another user than the session's is not renewed", async (t) => {
  const [alice, bob] = [await newUser(shared, "alice"), await newUser(shared, "bob")];
  const { proxy, jwt, get } = await expired(t, alice, bob);
  for (let i = 0; i < 3; i++) {
    const { error } = await get();
    assert.deepEqual([error?.code, error?.type, error?.reason], [401, "user_jwt_invalid", "jwt-expired"]);
    assert.match(error.advice, /new JWT/);
  }
  assert.equal(proxy.creations, 0, "a token of the session's user was made");
  assert.ok(proxy.of("GET", "/account").every(({ headers }) => headers["x-appwrite-jwt"] === jwt));
});

test("without a session the expired JWT is the error", async (t) => {
  const user = await newUser(shared);
  const jwt = await newJWT(shared, await newSession(shared, user), { duration: 60 });
  await shared.isojot.advance("60s");
  const page = await (await newProfile(t, shared)).tab();
  await page.evaluate((jwt) => client.setJWT(jwt), jwt);
  const { error } = await page.evaluate(() => attempt(account.get()));
  assert.deepEqual([error?.type, error?.reason], ["user_jwt_invalid", "jwt-expired"]);
});
