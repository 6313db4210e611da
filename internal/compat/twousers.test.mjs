// Two users in one browser: neither ever gets or sends what is the other's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { project } from "./support/isojot.mjs";
import { browserSuite, endSessions, getToken, heard, listen, newJWT, newProfile, newSession, newUser, peekToken, signIn, signOut } from "./support/tabs.mjs";

const shared = browserSuite();

/** Tab A shows Alice, tab B is about to sign Bob in. `deaf`: A hears nothing of other tabs. */
async function aliceAndBob(t, { deaf = false } = {}) {
  const [alice, bob] = [await newUser(shared, "alice"), await newUser(shared, "bob")];
  const profile = await newProfile(t, shared);
  const a = await profile.tab({ prepare: deaf && noChannel });
  const b = await profile.tab();
  await listen(a);
  await signIn(a, alice);
  await heard(a, ["signed-in", alice.userId]);
  const switchUser = async () => {
    await signOut(b);
    await signIn(b, bob);
    if (!deaf) return heard(a, ["signed-in", bob.userId]);
    // The number of the sign-in reaches another process's localStorage late.
    const name = `isojot:epoch:${project}@${profile.proxy.endpoint}`;
    const epoch = await b.evaluate((name) => localStorage[name], name);
    await a.waitForFunction(([name, epoch]) => localStorage[name] === epoch, [name, epoch]);
  };
  return { alice, bob, a, b, profile, proxy: profile.proxy, switchUser };
}

const noChannel = () => {
  globalThis.BroadcastChannel = class {
    postMessage() {}
    close() {}
  };
};

const signs = (page) => page.evaluate(() => changes.filter(([type]) => type.startsWith("signed-")));

const story = ({ alice, bob }) => [["signed-in", alice.userId], ["signed-out", alice.userId], ["signed-in", bob.userId]];

test("when Bob signs in in tab B, tab A hears that Alice is out and Bob is in", async (t) => {
  const it = await aliceAndBob(t);
  assert.equal((await getToken(it.a)).value.userId, it.alice.userId);
  await endSessions(shared, it.alice); // so that Bob's sign-in is the first that the tabs hear of
  await signIn(it.b, it.bob);
  await heard(it.a, ["signed-in", it.bob.userId]);
  assert.deepEqual(await signs(it.a), story(it));
  assert.equal(await peekToken(it.a), null);
  assert.equal((await getToken(it.a)).value.userId, it.bob.userId);
});

for (const deaf of [false, true]) {
  test(`a creation that the switch overtakes gives nobody Bob's token, ${deaf ? "also where no message comes" : "told by a message"}`, async (t) => {
    const it = await aliceAndBob(t, { deaf });
    // Held before the request itself, which takes the cookie of its own moment.
    const gate = it.proxy.hold("OPTIONS", "/account/jwts");
    await it.a.evaluate(() => {
      globalThis.calls = [account.getToken(), account.getToken({ forceRefresh: true })].map(attempt);
    });
    await gate.reached;
    await it.switchUser();
    gate.open();
    const outcomes = await it.a.evaluate(() => Promise.all(calls));
    assert.deepEqual(outcomes.map(({ value, error }) => value ?? error.type), ["client_session_changed", "client_session_changed"]);
    await heard(it.a, ["signed-in", it.bob.userId]);
    assert.deepEqual(await signs(it.a), story(it));
    if (deaf) assert.deepEqual(it.proxy.of("POST", "/account/jwts").map(({ status }) => status), [201], "the request went by Bob's cookie");
    assert.equal((await getToken(it.a)).value.userId, it.bob.userId, "asked for now, it is whose it should be");
  });
}

test("a switch of which no message came is noticed before a token is asked for", async (t) => {
  const it = await aliceAndBob(t, { deaf: true });
  await it.switchUser();
  assert.deepEqual(await signs(it.a), story(it).slice(0, 1));
  const { value, error } = await getToken(it.a);
  assert.equal(value ?? error.type, "client_session_changed", "who asked took it for Alice's");
  assert.deepEqual(await signs(it.a), story(it).slice(0, 2));
  assert.equal(it.proxy.creations, 0);
  assert.equal((await getToken(it.a)).value.userId, it.bob.userId);
  assert.deepEqual(await signs(it.a), story(it));
});

test("nor is any other call of that moment answered with Bob's token", async (t) => {
  const it = await aliceAndBob(t, { deaf: true });
  await it.switchUser();
  const outcomes = await it.a.evaluate(() => {
    const user = attempt(account.get()); // by which the switch is noticed
    return Promise.all([account.getToken(), account.getToken({ forceRefresh: true })].map(attempt).concat(user));
  });
  const [one, other] = outcomes.map(({ value, error }) => value ?? error);
  for (const { type, reason, advice } of [one, other]) assert.deepEqual([type, reason, advice !== ""], ["client_session_changed", "session-ended", true]);
  assert.equal(it.proxy.creations, 0);
  assert.equal((await getToken(it.a)).value.userId, it.bob.userId);
});

test("with a token of Alice in hand, too", async (t) => {
  const it = await aliceAndBob(t, { deaf: true });
  const { jwt } = (await getToken(it.a)).value;
  await it.switchUser();
  assert.equal((await getToken(it.a)).value.jwt, jwt, "it is Alice's, and fresh");
  const { error } = await getToken(it.a, { forceRefresh: true });
  assert.equal(error?.type, "client_session_changed");
  assert.equal(await peekToken(it.a), null);
  assert.equal((await getToken(it.a)).value.userId, it.bob.userId);
  assert.deepEqual(await signs(it.a), story(it));
});

test("a page that comes back after the switch does not take up Alice's token", async (t) => {
  const it = await aliceAndBob(t);
  const { jwt } = (await getToken(it.a)).value;
  await it.a.goto("about:blank");
  await signOut(it.b);
  await signIn(it.b, it.bob);
  await it.a.goto(shared.pages);
  assert.ok(await it.a.evaluate((jwt) => Object.values(sessionStorage).some((value) => value.includes(jwt)), jwt), "it still lies there");
  await it.profile.start(it.a);
  assert.equal((await getToken(it.a)).value.userId, it.bob.userId);
});

test("200 interleaved calls of four clients in one page carry their own credentials alone", async (t) => {
  const users = { alice: await newUser(shared, "alice"), bob: await newUser(shared, "bob") };
  const profile = await newProfile(t, shared);
  const page = await profile.signedIn(await newUser(shared, "carol")); // whose cookie must go nowhere
  const clients = [];
  for (const [locale, name, by] of [["de", "alice", "session"], ["fr", "bob", "session"], ["it", "alice", "jwt"], ["es", "bob", "jwt"]]) {
    const session = await newSession(shared, users[name]);
    clients.push({ locale, by, userId: users[name].userId, credential: by === "jwt" ? await newJWT(shared, session) : session.secret });
  }
  const before = profile.proxy.seen.length;
  const wrong = await page.evaluate(async (clients) => {
    const made = clients.map(({ by, credential, locale }) => newClient()[by === "jwt" ? "setJWT" : "setSession"](credential).setLocale(locale).account);
    const calls = Array.from({ length: 200 }, async (_, i) => {
      const [account, { userId }] = [made[i % 4], clients[i % 4]];
      const answer = i % 8 < 4 ? await account.get() : await account.getToken();
      return (answer.$id ?? answer.userId) === userId ? [] : [`call ${i} was answered for ${answer.$id ?? answer.userId}`];
    });
    return (await Promise.all(calls)).flat();
  }, clients);
  assert.deepEqual(wrong, []);

  const sent = profile.proxy.seen.slice(before);
  const byLocale = Object.fromEntries(clients.map((client) => [client.locale, client]));
  for (const { method, path, headers } of sent) {
    const { by, credential } = byLocale[headers["x-appwrite-locale"]];
    const carried = ["cookie", "x-fallback-cookies", "x-appwrite-session", "x-appwrite-jwt"].filter((name) => headers[name]);
    assert.deepEqual([carried, headers[`x-appwrite-${by}`]], [[`x-appwrite-${by}`], credential], `${method} ${path}`);
  }
  assert.deepEqual([sent.length, profile.proxy.creations], [102, 2], "100 calls, and a token for each of the two sessions");
});
