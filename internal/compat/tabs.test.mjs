// Several tabs of one browser: one token serves all, and a sign-out in one is
// a sign-out in all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browserSuite, getToken, heard, inBothPlaces, listen, newProfile, newUser, offered, signIn, signOut, tokensIn } from "./support/tabs.mjs";

const shared = browserSuite();

/** Two tabs that know of each other and of the user who is signed in; the tabs listen. */
async function twoTabs(t, user, place) {
  const profile = await newProfile(t, shared, place);
  const [a, b] = [await profile.tab(), await profile.tab()];
  for (const page of [a, b]) await listen(page);
  await signIn(a, user);
  for (const page of [a, b]) await heard(page, ["signed-in", user.userId]);
  return { profile, proxy: profile.proxy, a, b };
}

inBothPlaces("a token that one tab made serves the other, and one that is opened later", async (t, place) => {
  const { profile, proxy, a, b } = await twoTabs(t, await newUser(shared), place);
  let before = proxy.seen.length;
  const seen = () => proxy.seen.slice(before).map(({ method, path }) => [method, path]);
  const { jwt } = (await getToken(a)).value;
  await heard(b, ["token-refreshed"]);
  assert.equal((await getToken(b)).value.jwt, jwt);
  assert.deepEqual(seen(), [["POST", "/v1/account/jwts"]]);

  before = proxy.seen.length;
  const later = await profile.tab();
  await offered(later); // or a slow machine would make it ask for a token of its own
  assert.equal((await getToken(later)).value.jwt, jwt);
  assert.deepEqual(seen(), [["GET", "/v1/account/sessions/current"]]);
  for (const page of [a, b, later]) assert.deepEqual(page.problems, []);
});

test("tabs that call at the same moment make one token, and one refusal tells them all of the limit", async (t) => {
  const profile = await newProfile(t, shared);
  const user = await newUser(shared);
  // The 30 ms in which they listen for each other last 1.5 s, so that a busy machine
  // has delivered what they say.
  const tabs = await Promise.all([1, 2, 3].map(() => profile.tab({ moved: true, slowed: 50 })));
  for (const page of tabs) await listen(page);
  await signIn(tabs[0], user);
  for (const page of tabs) await heard(page, ["signed-in", user.userId]);
  const atOnce = () => Promise.all(tabs.map((page) => getToken(page)));

  const jwts = (await atOnce()).map(({ value }) => value.jwt);
  assert.deepEqual([new Set(jwts).size, profile.proxy.creations], [1, 1]);

  for (let made = 1; made < 10; made++) await getToken(tabs[0], { forceRefresh: true });
  for (const page of tabs) await page.evaluate(() => (ahead = 16 * 60_000));
  for (const { error } of [...(await atOnce()), ...(await atOnce())]) {
    assert.deepEqual([error?.code, error?.reason, error?.retryAfter > 3000], [429, "rate-limited", true]);
  }
  assert.equal(profile.proxy.creations, 11);
});

inBothPlaces("a renewal in one tab renews the other's token", async (t, place) => {
  const { proxy, a, b } = await twoTabs(t, await newUser(shared), place);
  await getToken(a);
  await heard(b, ["token-refreshed"]);
  await shared.isojot.advance("2s"); // another exp is another token
  const { jwt } = (await getToken(b, { forceRefresh: true })).value;
  await a.waitForFunction((jwt) => account.peekToken()?.jwt === jwt, jwt);
  assert.equal((await getToken(a)).value.jwt, jwt);
  assert.equal(proxy.creations, 2);
});

inBothPlaces("a sign-out in one tab signs out the other, and leaves no token in either", async (t, place) => {
  const user = await newUser(shared);
  const { proxy, a, b } = await twoTabs(t, user, place);
  await getToken(a);
  await heard(b, ["token-refreshed"]);
  for (const page of [a, b]) assert.deepEqual(await tokensIn(page), ["held", `isojot:token:demo@${proxy.endpoint}`]);
  await signOut(a);
  for (const page of [a, b]) await heard(page, ["signed-out", user.userId]);
  for (const page of [a, b]) assert.deepEqual(await tokensIn(page), []);
  for (const page of [a, b]) {
    const { error } = await getToken(page);
    assert.deepEqual([error?.code, error?.reason], [401, "no-session"]);
  }
  const refused = proxy.of("POST", "/account/jwts").slice(1);
  assert.ok(refused.every(({ status }) => status === 401), "a token was made after the sign-out");
});

for (const [which, name] of [[0, "in the same tab"], [1, "in another tab"]]) {
  inBothPlaces(`a sign-out ${name} during a renewal leaves no token anywhere`, async (t, place) => {
    const { proxy, a, b } = await twoTabs(t, await newUser(shared), place);
    await getToken(a);
    await heard(b, ["token-refreshed"]);
    const gate = proxy.hold("POST", "/account/jwts");
    await a.evaluate(() => {
      globalThis.calls = [account.getToken({ forceRefresh: true }), account.getToken({ forceRefresh: true })].map(attempt);
    });
    await gate.reached; // the server has made the token
    await signOut([a, b][which]);
    for (const page of [a, b]) await heard(page, ["signed-out"]);
    gate.open();
    const outcomes = await a.evaluate(() => Promise.all(calls));
    assert.deepEqual(outcomes.map(({ value, error }) => value ?? error.type), ["client_session_changed", "client_session_changed"]);
    assert.deepEqual(outcomes.map(({ error }) => error.reason), ["session-ended", "session-ended"]);
    for (const page of [a, b]) assert.deepEqual(await tokensIn(page), []);
    assert.equal(proxy.creations, 2);
  });
}

inBothPlaces("a renewal whose answer comes while the sign-out is still under way is dropped, too", async (t, place) => {
  const { proxy, a, b } = await twoTabs(t, await newUser(shared), place);
  const [made, out] = [proxy.hold("POST", "/account/jwts"), proxy.hold("DELETE", "/account/sessions/current")];
  await a.evaluate(() => {
    globalThis.call = attempt(account.getToken());
  });
  await made.reached;
  await a.evaluate(() => {
    globalThis.leaving = account.deleteSession("current");
  });
  await out.reached;
  made.open();
  const { value, error } = await a.evaluate(() => call);
  assert.equal(value ?? error.type, "client_session_changed");
  out.open();
  await a.evaluate(() => leaving);
  await heard(b, ["signed-out"]);
  for (const page of [a, b]) assert.deepEqual(await tokensIn(page), []);
});

test("a token that was made between the sign-out's call and its sending is gone with it", async (t) => {
  const { proxy, a, b } = await twoTabs(t, await newUser(shared));
  // The browser asks whether it may: of this address it has not asked before.
  const gate = proxy.hold("OPTIONS", "/account/sessions");
  await a.evaluate(() => {
    globalThis.leaving = account.deleteSessions();
  });
  await gate.reached;
  assert.ok((await getToken(a)).value, "the session lives");
  await heard(b, ["token-refreshed"]);
  gate.open();
  await a.evaluate(() => leaving);
  await heard(b, ["signed-out"]);
  for (const page of [a, b]) assert.deepEqual(await tokensIn(page), []);
});
