// How the WebAssembly is loaded, in Chromium: calls that are made before it is
// there, and a page that asks for it ahead.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { newPage, startChromium } from "./support/chromium.mjs";
import { project, root, startIsojot } from "./support/isojot.mjs";
import { html, startPages } from "./support/pages.mjs";

const shared = { requests: 0 };
const ends = [];

/** A page that asks for the WebAssembly by such a link, and loads it by the script. */
const ahead = (attributes) => ({
  type: "text/html",
  body: `<!doctype html><meta charset="utf-8"><title>test</title><link rel="preload" href="/sdk/isojot.wasm" ${attributes}><script src="/sdk/isojot.js"></script>`,
});

before(async () => {
  const owner = { after: (end) => ends.unshift(end) };
  shared.isojot = await startIsojot(owner);
  const body = await readFile(join(root, "js", "dist", "isojot.wasm"));
  shared.pages = await startPages(owner, {
    "/": html("/sdk/isojot.js"),
    "/advised": ahead('as="fetch" type="application/wasm" crossorigin'),
    "/without-crossorigin": ahead('as="fetch" type="application/wasm"'),
    "/sdk/isojot.wasm": async () => {
      shared.requests++;
      await shared.held;
      return { type: "application/wasm", body, headers: { "Cache-Control": "no-store" } };
    },
  });
  shared.browser = await startChromium(owner);
});
after(async () => {
  for (const end of ends) await end();
});

test("calls that are made before the WebAssembly has come wait for it, and go out in order, each as who the client then was", async () => {
  let open;
  shared.held = new Promise((resolve) => (open = resolve));
  const [page, asked] = [await newPage(shared.browser), shared.requests];
  await page.goto(shared.pages);
  await page.evaluate(([endpoint, project]) => {
    const { fetch } = globalThis;
    globalThis.sent = [];
    globalThis.answered = [];
    globalThis.fetch = (url, init) => {
      if (init) sent.push([init.method, new URL(url).pathname, init.headers["x-appwrite-locale"] ?? ""]);
      return fetch(url, init);
    };
    const client = new isojot.Client().setEndpoint(endpoint).setProject(project).setLocale("de");
    const { account } = client;
    const controller = new AbortController();
    const calls = [account.get(), client.ping(), isojot.decodeJWT("one"), account.updateName({ name: "a", signal: controller.signal }), account.listSessions()];
    client.setLocale("fr");
    calls.push(account.getPrefs(), isojot.decodeJWT("two"));
    controller.abort();
    globalThis.calls = Promise.all(calls.map((call, i) => call.then(() => "done", (error) => error.type || error.name).then((how) => (answered.push(i), how))));
  }, [shared.isojot.endpoint, project]);
  assert.deepEqual(await page.evaluate(() => [sent, isojot.stats()]), [[], { handles: 0, memory: 0 }]);
  open();
  assert.deepEqual(await page.evaluate(() => calls), [
    "general_unauthorized_scope", "done", "client_token_malformed", "AbortError", "general_unauthorized_scope", "general_unauthorized_scope", "client_token_malformed",
  ]);
  const { sent, answered } = await page.evaluate(() => ({ sent, answered }));
  assert.deepEqual(sent, [
    ["GET", "/v1/account", "de"], ["GET", "/v1/ping", "de"], ["GET", "/v1/account/sessions", "de"], ["GET", "/v1/account/prefs", "fr"],
  ]);
  // What needs no server is answered in the order of asking.
  assert.deepEqual(answered.filter((i) => [2, 3, 6].includes(i)), [3, 2, 6]);
  assert.equal(shared.requests - asked, 1);
  await page.context().close();
});

// The page with the form that does not fit is opened last: once Chromium has
// warned of it, the time to warn of the advised one is long over.
test("the advised preload link is what the loader takes, once and without a warning", async () => {
  shared.held = undefined;
  const load = async (path, options) => {
    const [page, asked] = [await newPage(shared.browser), shared.requests];
    await page.goto(shared.pages + path);
    await page.evaluate((options) => isojot.init(options), options);
    return { page, requests: shared.requests - asked };
  };
  const advised = await load("/advised");
  const wrong = await load("/without-crossorigin");
  await wrong.page.waitForFunction(() => document.readyState === "complete");
  while (wrong.page.logged.length === 0) await wrong.page.waitForEvent("console", { timeout: 60_000 });
  assert.match(wrong.page.logged.join(), /preload/);
  assert.deepEqual([advised.requests, advised.page.logged], [1, []]);
  assert.equal(wrong.requests, 2);
  const inWorker = await load("/advised", { worker: true });
  assert.equal(inWorker.requests, 2, "a worker takes what the page has fetched: say so in the README");
  for (const { page } of [advised, wrong, inWorker]) await page.context().close();
});
