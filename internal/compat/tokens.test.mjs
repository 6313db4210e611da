// One token for its whole life, whoever asks: what getToken() costs at the
// server, in Chromium and in Node.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { project, root } from "./support/isojot.mjs";
import { startProxy } from "./support/proxy.mjs";
import { bearer, browserSuite, getToken, inBothPlaces, newProfile, newSession, newUser, peekToken } from "./support/tabs.mjs";

const shared = browserSuite();
const { Client } = createRequire(import.meta.url)(`${root}js/dist/isojot.cjs`);

/** A user, a profile and a tab where the user is signed in. */
async function oneTab(t, { place, ...options } = {}) {
  const user = await newUser(shared);
  const profile = await newProfile(t, shared, place);
  return { user, profile, proxy: profile.proxy, page: await profile.signedIn(user, options) };
}

const jwtOf = async (page, options) => (await getToken(page, options)).value?.jwt;

/** Moves the server's clock and the page's client's alike. */
async function pass(page, seconds) {
  await shared.isojot.advance(`${seconds}s`);
  await page.evaluate((seconds) => (ahead += seconds * 1000), seconds);
}

inBothPlaces("in Chromium 1,000 callers at once cost one creation", async (t, place) => {
  const { user, proxy, page } = await oneTab(t, { place });
  const tokens = await page.evaluate(() => Promise.all(Array.from({ length: 1000 }, () => account.getToken())));
  assert.deepEqual([tokens.length, new Set(tokens.map(({ jwt }) => jwt)).size, proxy.creations], [1000, 1, 1]);
  assert.equal(await bearer(shared, tokens[0].jwt), user.userId);
  assert.deepEqual(page.problems, []);
});

test("in Node 1,000 callers at once cost one creation", async (t) => {
  const user = await newUser(shared);
  const { secret } = await newSession(shared, user);
  const proxy = await startProxy(t, shared.isojot.url);
  const { account } = new Client().setEndpoint(proxy.endpoint).setProject(project).setSession(secret);
  const tokens = await Promise.all(Array.from({ length: 1000 }, () => account.getToken()));
  assert.deepEqual([tokens.length, new Set(tokens.map(({ jwt }) => jwt)).size, proxy.creations], [1000, 1, 1]);
  assert.equal(await bearer(shared, tokens[0].jwt), user.userId);
});

inBothPlaces("a reload and a navigation keep the token, and ask nothing", async (t, place) => {
  const { profile, proxy, page } = await oneTab(t, { place });
  const jwt = await jwtOf(page);
  const before = proxy.seen.length;
  for (const move of [() => page.reload(), () => page.goto(`${shared.pages}/other`)]) {
    await move();
    await profile.start(page);
    assert.equal(await jwtOf(page), jwt);
  }
  assert.equal(proxy.seen.length, before);
});

inBothPlaces('tokenStorage: "none" keeps it in memory alone', async (t, place) => {
  const options = { client: { tokenStorage: "none" }, place };
  const { profile, proxy, page } = await oneTab(t, options);
  const jwt = await jwtOf(page);
  assert.equal(await jwtOf(page), jwt);
  assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
  await page.reload();
  await profile.start(page, options);
  assert.ok(await jwtOf(page));
  assert.equal(proxy.creations, 2);
});

test("a token is renewed when it is used in the last minute of its life, once for all", async (t) => {
  const { user, proxy, page } = await oneTab(t, { moved: true });
  const first = await jwtOf(page);
  await pass(page, 13 * 60 + 50);
  assert.equal(await jwtOf(page), first);
  await pass(page, 20);
  assert.equal((await peekToken(page)).jwt, first, "it lives");
  const tokens = await page.evaluate(() => Promise.all(Array.from({ length: 100 }, () => account.getToken())));
  const [second, ...others] = new Set(tokens.map(({ jwt }) => jwt));
  assert.notEqual(second, first);
  assert.deepEqual([others, proxy.creations], [[], 2]);
  await pass(page, 60);
  await assert.rejects(bearer(shared, first), /user_jwt_invalid/);
  assert.equal(await bearer(shared, second), user.userId);
});

test("a token that ended while nobody asked is gone, and the next one is made", async (t) => {
  const { user, proxy, page } = await oneTab(t, { moved: true });
  await getToken(page);
  await pass(page, 15 * 60);
  assert.equal(await peekToken(page), null);
  assert.equal(proxy.creations, 1);
  assert.equal(await bearer(shared, await jwtOf(page)), user.userId);
});

inBothPlaces("one caller's abort does not stop the creation for the others", async (t, place) => {
  const { proxy, page } = await oneTab(t, { place });
  const gate = proxy.hold("POST", "/account/jwts");
  await page.evaluate(() => {
    globalThis.controller = new AbortController();
    globalThis.calls = [account.getToken({ signal: controller.signal }), account.getToken(), account.getToken({ signal: controller.signal })].map(attempt);
  });
  await gate.reached;
  await page.evaluate(() => controller.abort());
  const aborted = await page.evaluate(() => Promise.all([calls[0], calls[2]]));
  assert.deepEqual(aborted.map(({ error }) => error.name), ["AbortError", "AbortError"]);
  gate.open();
  const { value } = await page.evaluate(() => calls[1]);
  assert.equal((await peekToken(page)).jwt, value.jwt);
  assert.deepEqual([await jwtOf(page), proxy.creations], [value.jwt, 1]);
});
