// The package over the life of pages, in Chromium: programs that come and go,
// copies side by side, pages that are left and come back. Things are counted,
// never timed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { project, startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";

const shared = {};
const ends = [];
const EMPTY = { type: "text/html", body: '<!doctype html><meta charset="utf-8"><title>elsewhere</title>' };

before(async () => {
  const owner = { after: (end) => ends.unshift(end) };
  shared.isojot = await startIsojot(owner, { args: ["--limits", "off"] });
  shared.pages = await startPages(owner, { "/": html("/sdk/isojot.js"), "/empty": EMPTY });
  // The driver of the browser switches the back/forward cache off.
  shared.browser = await startChromium(owner, { without: ["--disable-back-forward-cache"] });
});
after(async () => {
  for (const end of ends) await end();
});

/** A page that knows the Go programs it has started, and what it had before. */
async function open(path) {
  const page = await newPage(shared.browser);
  await page.addInitScript(() => {
    globalThis.programs = [];
    const { instantiateStreaming } = WebAssembly;
    WebAssembly.instantiateStreaming = async (...args) => {
      const result = await instantiateStreaming(...args);
      programs.push(new WeakRef(result.instance.exports.mem));
      return result;
    };
    globalThis.rejections = [];
    addEventListener("unhandledrejection", ({ reason }) => rejections.push(String(reason)));
    globalThis.before = new Set([...Reflect.ownKeys(globalThis), "before"]);
  });
  await page.goto(shared.pages + path);
  return page;
}

/** The Go programs of a page of which anything is left, once there are no more than `goal`, or in the end. */
async function memories(page, goal) {
  const left = () => page.evaluate(() => programs.filter((program) => program.deref()).length);
  for (let i = 0; i < 20 && (await left()) > goal; i++) await page.requestGC();
  return left();
}

/** Asserts that a page logged nothing and threw nothing, and has no global but these. */
async function isClean(page, ...globals) {
  const { made, rejections } = await page.evaluate(() => ({ made: Reflect.ownKeys(globalThis).filter((name) => !before.has(name)).map(String), rejections }));
  assert.deepEqual([made, rejections, page.logged, page.problems], [globals, [], [], []]);
}

const where = () => [shared.isojot.endpoint, project];

test("100 cycles of init, calls and dispose leave nothing behind", async () => {
  const page = await open("/");
  await page.evaluate(async ([endpoint, project]) => {
    globalThis.newClient = () => new isojot.Client().setEndpoint(endpoint).setProject(project);
    await newClient().account.createAnonymousSession();
    await isojot.dispose();
  }, where());
  const samples = [];
  for (let i = 0; i < 4; i++) {
    await page.evaluate(async () => {
      for (let i = 0; i < 25; i++) {
        await isojot.init();
        const one = newClient();
        one.onAuthChange(() => {})();
        await Promise.all([one.account.get(), one.account.getToken(), newClient().account.get()]);
        await isojot.dispose();
      }
    });
    samples.push(await memories(page, 1));
  }
  assert.ok(samples.every((alive) => alive <= 1), `programs alive: ${samples}`);
  assert.deepEqual(await page.evaluate(() => [programs.length, isojot.stats()]), [101, { handles: 0, memory: 0 }]);
  await isClean(page, "isojot", "newClient");
  await page.context().close();
});

test("effects that run twice, and calls between, end with one program", async () => {
  const page = await open("/");
  const { outcomes, stats } = await page.evaluate(async ([endpoint, project]) => {
    // As React's Strict Mode does it: an effect, its cleanup, the effect again.
    const mount = () => {
      const client = new isojot.Client().setEndpoint(endpoint).setProject(project);
      const unsubscribe = client.onAuthChange(() => {});
      const ready = isojot.init().then(() => client.account.createAnonymousSession());
      return { client, ready, unmount: () => (unsubscribe(), isojot.dispose()) };
    };
    const outcomes = [];
    for (let i = 0; i < 5; i++) {
      const first = mount();
      const unmounted = first.unmount();
      const second = mount();
      const results = await Promise.allSettled([first.ready, unmounted, second.ready]);
      outcomes.push(results.map(({ status, reason }) => reason?.type ?? status).slice(1));
      outcomes.push(typeof (await second.client.account.get()).$id);
      await second.client.account.deleteSessions();
      if (i < 4) await second.unmount();
    }
    return { outcomes, stats: isojot.stats().handles > 0 };
  }, where());
  for (const [i, outcome] of outcomes.entries()) {
    if (i % 2) assert.equal(outcome, "string");
    // Where the first's sign-in got through, the second finds it active.
    else assert.ok(outcome[0] === "fulfilled" && ["fulfilled", "user_session_already_exists"].includes(outcome[1]), JSON.stringify(outcomes));
  }
  assert.equal(outcomes.length, 10);
  assert.deepEqual([await memories(page, 1), stats], [1, true]);
  await isClean(page, "isojot");
  await page.context().close();
});

test("a module that is evaluated again, as by hot reloading, works beside the one before", async () => {
  const page = await open("/empty");
  const { heard, kinds, handles, afterwards } = await page.evaluate(async ([endpoint, project]) => {
    const copies = [await import("/sdk/isojot.mjs"), await import("/sdk/isojot.mjs#again"), await import("/sdk/isojot.mjs#and-again")];
    const clients = copies.map(({ Client }) => new Client().setEndpoint(endpoint).setProject(project));
    const heard = copies.map(() => []);
    clients.forEach((client, i) => client.onAuthChange(({ type }) => heard[i].push(type)));
    await Promise.all(copies.map(({ preload }) => preload()));
    const { userId } = await clients[0].account.createAnonymousSession();
    const same = await Promise.all(clients.map(async ({ account }) => (await account.get()).$id === userId));
    const error = await clients[1].account.getSession("nosuchsession").catch((error) => error);
    const kinds = copies.map(({ AppwriteException }) => error instanceof AppwriteException);
    await copies[0].dispose();
    const handles = copies.map(({ stats }) => stats().handles);
    const afterwards = await Promise.all(clients.slice(1).map(async ({ account }) => (await account.get()).$id === userId));
    await clients[2].account.deleteSessions();
    await Promise.all(copies.map(({ dispose }) => dispose()));
    return { heard: heard[0], kinds: [...kinds, ...same], handles, afterwards };
  }, where());
  assert.ok(heard.includes("signed-in"), heard.join());
  assert.deepEqual([kinds, handles, afterwards], [Array(6).fill(true), [0, 1, 1], [true, true]]);
  const alive = await memories(page, 1);
  assert.ok(alive <= 1, `${alive} programs are alive`);
  await isClean(page);
  await page.context().close();
});

test("a script that is included twice is two copies, of which the later has the name", async () => {
  const page = await open("/");
  const works = await page.evaluate(async ([endpoint, project]) => {
    const first = isojot;
    await new Promise((resolve) => document.head.append(Object.assign(document.createElement("script"), { src: "/sdk/isojot.js", onload: resolve })));
    const pings = [first, isojot].map(({ Client }) => new Client().setEndpoint(endpoint).setProject(project).ping());
    return [first !== isojot, ...(await Promise.all(pings)).map(({ message }) => message)];
  }, where());
  assert.deepEqual(works, [true, "Pong!", "Pong!"]);
  await isClean(page, "isojot");
  await page.context().close();
});

// The page must be kept as it is, and go on: the program in it, the token, the
// listener. Only what became of the user meanwhile is asked anew.
for (const worker of [false, true]) {
  test(`a page that is left and comes back from the back/forward cache goes on${worker ? ", and its worker" : ""}`, async () => {
    const page = await open("/");
    await page.evaluate(async ([endpoint, project, worker]) => {
      await isojot.init({ worker });
      globalThis.shows = [];
      addEventListener("pageshow", ({ persisted }) => shows.push(persisted));
      globalThis.client = new isojot.Client().setEndpoint(endpoint).setProject(project);
      globalThis.changes = [];
      client.onAuthChange(({ type }) => changes.push(type));
      globalThis.user = (await client.account.createAnonymousSession()).userId;
      globalThis.token = await client.account.getToken();
      globalThis.memory = isojot.stats().memory;
    }, [...where(), worker]);
    await page.goto(`${shared.pages}/empty`);
    await page.goBack({ waitUntil: "commit" });
    await page.waitForFunction(() => globalThis.shows?.length > 0, null, { timeout: 10_000 });
    const back = await page.evaluate(async () => {
      const reasons = performance.getEntriesByType("navigation")[0].notRestoredReasons;
      const held = client.account.peekToken()?.jwt === token.jwt;
      const { $id } = await client.account.get();
      const again = await client.account.getToken();
      const same = isojot.stats().memory >= memory;
      await client.account.deleteSession("current");
      await new Promise((resolve) => setTimeout(resolve));
      return { shows, reasons, held, user: $id === user, again: again.jwt === token.jwt, same, last: changes.at(-1) };
    });
    assert.deepEqual(back, { shows: [true], reasons: null, held: true, user: true, again: true, same: true, last: "signed-out" });
    await page.context().close();
  });
}
