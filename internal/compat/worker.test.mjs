// The SDK with its Go program in a worker, as only the driver of Chromium shows
// it. What is the same in all engines, and what is said where no worker can be
// had, is in matrix/ownworker.mjs.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startChromium } from "./support/chromium.mjs";
import { root, startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";
import { KEY } from "./support/suite.mjs";
import { getToken, heard, listen, newProfile, newUser, peekToken, signIn, signOut } from "./support/tabs.mjs";

const shared = {};
const ends = [];

const withPolicy = (policy, page = html("/sdk/isojot.js")) => ({ ...page, headers: { "Content-Security-Policy": policy } });

before(async () => {
  const owner = { after: (end) => ends.unshift(end) };
  shared.isojot = await startIsojot(owner, { args: ["--api-key", KEY] });
  const own = await readFile(join(root, "js", "dist", "worker.js"), "utf8");
  const watch = await readFile(join(root, "internal", "compat", "matrix", "hosts", "watchedworker.js"), "utf8");
  shared.pages = await startPages(owner, {
    "/": html("/sdk/isojot.js"),
    "/strict": withPolicy("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src http:"),
    "/no-wasm": withPolicy("default-src 'none'; script-src 'self'; worker-src 'self'; connect-src http:"),
    "/trapping.js": { type: "text/javascript", body: watch + own },
  });
  shared.browser = await startChromium(owner);
});
after(async () => {
  for (const end of ends) await end();
});

/** A tab whose workers are known as `workers`, with what was posted to them in `posted`. */
async function workerTab(t, { url = shared.pages, init, ...options } = {}) {
  const profile = await newProfile(t, shared);
  const prepare = () => {
    globalThis.workers = [];
    globalThis.posted = [];
    globalThis.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        workers.push(this);
      }
      postMessage(...args) {
        posted.push(args[0].kind);
        super.postMessage(...args);
      }
    };
    globalThis.rejections = [];
    addEventListener("unhandledrejection", ({ reason }) => rejections.push(String(reason)));
    globalThis.before = new Set([...Reflect.ownKeys(globalThis), "before"]);
  };
  const page = await profile.tab({ url, prepare, ...options });
  await page.evaluate((init) => isojot.init({ worker: true, ...init }), init);
  return { profile, proxy: profile.proxy, page };
}

const running = (page, number) => waitUntil(() => page.workers().length === number, () => `${page.workers().length} workers instead of ${number}`);

async function waitUntil(isSo, message) {
  for (const end = Date.now() + 30_000; !isSo(); await new Promise(setImmediate)) {
    if (Date.now() > end) assert.fail(message());
  }
}

for (const path of ["/strict", "/no-wasm"]) {
  test(`signs in by cookie, and tells of changes in order, under the policy of ${path}`, async (t) => {
    const { page, proxy } = await workerTab(t, { url: shared.pages + path });
    const user = await newUser(shared);
    await listen(page);
    await signIn(page, user);
    const [account, jwt] = await page.evaluate(async () => [(await account.get()).$id, (await account.getToken()).jwt]);
    assert.deepEqual([account, (await peekToken(page)).jwt], [user.userId, jwt]);
    const [got] = proxy.of("GET", "/account");
    assert.match(got.headers.cookie, /a_session_demo(_legacy)?=/);
    assert.equal(got.headers["x-fallback-cookies"], undefined);
    assert.deepEqual(await page.evaluate(() => [workers.length, isojot.stats().handles, isojot.stats().memory > 1e6, "cookieFallback" in localStorage]), [1, 1, true, false]);
    await signOut(page);
    await heard(page, ["signed-out", user.userId]);
    assert.deepEqual(await page.evaluate(() => changes.map(([type]) => type)), ["signed-in", "token-refreshed", "signed-out"]);
    const known = ["isojot", "newClient", "client", "account", "attempt", "ahead", "changes"];
    const made = await page.evaluate(() => Reflect.ownKeys(globalThis).filter((name) => !before.has(name)).map(String));
    assert.deepEqual([made.filter((name) => !known.includes(name)), await page.evaluate(() => rejections), page.logged, page.problems], [[], [], [], []]);
  });
}

test("a fresh token is answered on the page, and a sign-out takes it away at once", async (t) => {
  const { page } = await workerTab(t);
  await signIn(page, await newUser(shared));
  const seen = await page.evaluate(async () => {
    const { jwt } = await account.getToken();
    const before = posted.length;
    const again = await account.getToken();
    const asked = posted.length - before;
    const leaving = account.deleteSession("current");
    const held = account.peekToken();
    await leaving;
    return { same: again.jwt === jwt, asked, held, then: account.peekToken() };
  });
  assert.deepEqual(seen, { same: true, asked: 0, held: null, then: null });
});

test("parameters arrive as they would without a worker", async (t) => {
  const { page } = await workerTab(t);
  await signIn(page, await newUser(shared));
  const { stored, circular } = await page.evaluate(async () => {
    const nested = new Proxy({ deep: [1, undefined, null] }, {});
    const when = new Date(0);
    await account.updatePrefs({ prefs: { big: 2n ** 60n, small: 5n, ratio: 0.1, when, nested, left: () => {}, text: "\u2028ä" } });
    const stored = Object.entries(await account.getPrefs()).map(([name, value]) => [name, typeof value === "bigint" ? `${value}n` : value]);
    const cycle = {};
    cycle.cycle = cycle;
    return { stored: Object.fromEntries(stored), circular: (await attempt(account.updatePrefs({ prefs: cycle }))).error };
  });
  assert.deepEqual(stored, { big: `${2n ** 60n}n`, small: 5, ratio: 0.1, when: "1970-01-01T00:00:00.000Z", nested: { deep: [1, null, null] }, text: "\u2028ä" });
  assert.deepEqual([circular.type, /circular/.test(circular.message)], ["client_invalid_argument", true]);
});

test("errors keep their fields, and an abort reaches the request", async (t) => {
  const { page, proxy } = await workerTab(t);
  const user = await newUser(shared);
  await signIn(page, user);
  for (let made = 0; made < 10; made++) await getToken(page, { forceRefresh: true });
  const limited = await page.evaluate(() =>
    account.getToken({ forceRefresh: true }).catch((error) => ({ ...error, message: error.message, response: error.response, ours: error instanceof isojot.AppwriteException, cause: [error.cause instanceof Error, error.cause.message === error.message] })),
  );
  const { name, code, type, reason, ours, cause } = limited;
  assert.deepEqual({ name, code, type, reason, ours, cause }, { name: "AppwriteException", code: 429, type: "general_rate_limit_exceeded", reason: "rate-limited", ours: true, cause: [true, true] });
  assert.ok(limited.retryAfter > 0 && limited.advice && JSON.parse(limited.response).code === 429, JSON.stringify(limited));

  const gate = proxy.hold("GET", "/account");
  await page.evaluate(() => {
    globalThis.controller = new AbortController();
    globalThis.call = attempt(account.get({ signal: controller.signal }));
  });
  await gate.reached;
  const closed = page.waitForEvent("requestfailed", { timeout: 30_000 }).catch(() => null);
  await page.evaluate(() => controller.abort());
  assert.equal((await page.evaluate(() => call)).error.name, "AbortError");
  assert.match((await closed)?.failure().errorText ?? "", /ABORTED/);
  gate.open();
  assert.equal(await page.evaluate(async () => (await account.get()).$id), user.userId);
});

test("a storage of one's own stays on the page", async (t) => {
  const { page, proxy } = await workerTab(t);
  await signIn(page, await newUser(shared));
  const seen = await page.evaluate(async () => {
    const values = new Map();
    globalThis.tokenStorage = { getItem: (name) => values.get(name) ?? null, setItem: (name, value) => values.set(name, value), removeItem: (name) => values.delete(name) };
    const { jwt } = await newClient({ tokenStorage }).account.getToken();
    const kept = [...values.values()].some((value) => value.includes(jwt));
    await isojot.dispose();
    await isojot.init({ worker: true });
    const again = await newClient({ tokenStorage }).account.getToken();
    return { kept, same: again.jwt === jwt };
  });
  assert.deepEqual([seen, proxy.creations], [{ kept: true, same: true }, 1]);
});

test("a sign-out of which the worker cannot know yet drops the token that is being made, and its number never goes back", async (t) => {
  const { page, proxy } = await workerTab(t);
  const user = await newUser(shared);
  await signIn(page, user);
  const name = `isojot:epoch:demo@${proxy.endpoint}`;
  const gate = proxy.hold("POST", "/account/jwts");
  await page.evaluate(() => {
    globalThis.call = attempt(account.getToken());
  });
  await gate.reached;
  await page.evaluate((name) => localStorage.setItem(name, "7"), name); // as another tab would
  gate.open();
  const { value, error } = await page.evaluate(() => call);
  assert.deepEqual([value, error?.type, error?.reason], [undefined, "client_session_changed", "session-ended"]);
  assert.equal(await peekToken(page), null);
  await signOut(page);
  assert.equal(await page.evaluate((name) => localStorage.getItem(name), name), "8");
});

test("a crash rejects what is under way, and the next call has a fresh worker", async (t) => {
  const { page, proxy } = await workerTab(t, { init: { workerURL: "/trapping.js" } });
  await signIn(page, await newUser(shared));
  for (let crashes = 1; crashes <= 3; crashes++) {
    const gate = proxy.hold("GET", "/account");
    await page.evaluate(() => {
      globalThis.call = attempt(account.get());
    });
    await gate.reached;
    const outcome = await page.evaluate(async () => {
      workers.at(-1).postMessage("trap");
      const others = [account.listSessions(), account.getToken({ forceRefresh: true })].map(attempt);
      return (await Promise.all([call, ...others])).map(({ error }) => [error?.type, /unreachable/.test(error?.message)]);
    });
    gate.open();
    assert.deepEqual(outcome, Array(3).fill(["client_stopped", true]));
    assert.equal(await page.evaluate(async () => (await account.listSessions()).total), 1);
    assert.equal(await page.evaluate(() => workers.length), crashes + 1);
    await running(page, 1);
  }
  assert.deepEqual([await page.evaluate(() => rejections), page.problems.filter((text) => !/unreachable|exit code/.test(text))], [[], []]);
});

test("20 cycles of init, calls and dispose leave no worker behind", async (t) => {
  const { page } = await workerTab(t);
  await signIn(page, await newUser(shared));
  await page.evaluate(() => isojot.dispose());
  const seen = await page.evaluate(async () => {
    workers.forEach((worker, i) => (workers[i] = new WeakRef(worker)));
    for (let i = 0; i < 20; i++) {
      await isojot.init({ worker: true });
      const one = newClient();
      one.onAuthChange(() => {})();
      const call = attempt(newClient().account.listSessions());
      await Promise.all([one.account.get(), one.account.getToken()]);
      await isojot.dispose();
      await call;
      workers.push(new WeakRef(workers.pop()));
    }
    return [workers.length, isojot.stats()];
  });
  assert.deepEqual(seen, [21, { handles: 0, memory: 0 }]);
  await running(page, 0);
  const left = () => page.evaluate(() => workers.filter((worker) => worker.deref()).length);
  for (let i = 0; i < 20 && (await left()) > 1; i++) await page.requestGC();
  assert.ok((await left()) <= 1, `${await left()} are held`);
  assert.deepEqual(await page.evaluate(() => rejections), []);
});

test("init rejects, names the fix and leaves nothing where there is no Worker", async (t) => {
  const profile = await newProfile(t, shared);
  const page = await profile.tab({ prepare: () => delete globalThis.Worker });
  const { error } = await page.evaluate(() => attempt(isojot.init({ worker: true })));
  assert.deepEqual([error?.name, error?.type], ["AppwriteException", "client_worker_failed"], error?.message);
  assert.match(error.message, /no Worker.*leave worker: true out/s);
  await running(page, 0);
  // What the page can do about it.
  assert.equal(await page.evaluate(() => isojot.init({}).then(() => client.ping())).then(({ message }) => message), "Pong!");
});
