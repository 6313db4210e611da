// createServerClient() with the real Go program, against a running server.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { deferred, dist, echo, run, runNode, serve } from "./support.mjs";

const { AppwriteException, Client, createServerClient, dispose, init, stats } = await import(dist("isojot.node.mjs"));
const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;
assert.ok(endpoint && project, "ISOJOT_ENDPOINT or ISOJOT_PROJECT is not set: run make test-js");
const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

// A browser and what its requests bring: its Cookie header, which set-cookie lines change.
function newBrowser() {
  const cookies = new Map();
  const setAll = (list) => list.forEach(({ name, value }) => (value ? cookies.set(name, encodeURIComponent(value)) : cookies.delete(name)));
  const getAll = () => [...cookies].map((pair) => pair.join("=")).join("; ");
  const request = (more) => createServerClient({ endpoint, project, cookies: { getAll, setAll }, ...more });
  return { cookies, getAll, request };
}

test("from sign-in to sign-out, one client for each request", async () => {
  const browser = newBrowser();
  const { userId } = await browser.request().account.createAnonymousSession();
  const [name] = browser.cookies.keys();
  assert.equal(name, `a_session_${project}`);
  const one = browser.request();
  assert.equal((await one.account.get()).$id, userId);
  assert.equal((await createServerClient({ endpoint, project, cookies: browser.getAll() }).account.get()).$id, userId);

  const ended = createServerClient({ endpoint, project, cookies: browser.getAll() });
  const { $id } = await browser.request().account.getSession("current");
  await browser.request().account.deleteSession($id);
  assert.deepEqual([...browser.cookies], []);
  await assert.rejects(one.account.get(), { name: "AppwriteException", type: "client_reused" });
  await assert.rejects(ended.account.get(), { code: 401, reason: "session-ended" });
  await assert.rejects(ended.account.getToken(), { code: 401, reason: "session-ended" });
  await assert.rejects(browser.request().account.get(), { code: 401, reason: "no-session", message: new RegExp(name) });
});

test("the advice for an ended session is Go's", async () => {
  const browser = newBrowser();
  const { secret } = await browser.request().account.createAnonymousSession();
  const own = new Client().setEndpoint(endpoint).setProject(project).setSession(secret);
  const old = createServerClient({ endpoint, project, cookies: browser.getAll() });
  await own.account.get();
  await own.account.deleteSession("current");
  const advice = (call) => call.then(() => assert.fail("was let through"), (error) => error.advice);
  assert.equal(await advice(old.account.get()), await advice(own.account.getToken()));
});

test("two hundred requests of a user cost one JWT of the server's limit", async () => {
  const browser = newBrowser();
  const { secret } = await browser.request().account.createAnonymousSession();
  const requests = Array.from({ length: 200 }, () => browser.request());
  const jwts = await Promise.all(requests.map(async ({ account }) => (await account.getToken()).jwt));
  requests.forEach((client) => client.close());
  assert.equal(new Set(jwts).size, 1);
  const headers = { "x-appwrite-project": project, "x-appwrite-session": secret };
  const next = await fetch(`${endpoint}/account/jwts`, { method: "POST", headers });
  const [limit, left] = ["limit", "remaining"].map((name) => Number(next.headers.get(`x-ratelimit-${name}`)));
  assert.deepEqual([next.status, limit - left], [201, 2]);
});

test("a JWT that came with the request acts, without its cookies", async () => {
  const [ada, bob] = [newBrowser(), newBrowser()];
  const { userId } = await ada.request().account.createAnonymousSession();
  await bob.request().account.createAnonymousSession();
  const { jwt } = await ada.request().account.getToken();
  const client = createServerClient({ endpoint, project, cookies: bob.getAll(), jwt });
  assert.equal((await client.account.get()).$id, userId);
});

// The code of the README's chapter, for this server.
async function readmeServer() {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const chapter = readme.split("\n## Server-side rendering\n")[1].split("\n## ")[0];
  const [[, code], ...others] = chapter.matchAll(/^```js\n([\s\S]*?)^```/gm);
  assert.equal(others.length, 0);
  return code
    .replace('from "isojot"', `from ${JSON.stringify(pathToFileURL(dist("isojot.node.mjs")).href)}`)
    .replace("http://127.0.0.1:7519/v1", endpoint)
    .replace('"demo"', JSON.stringify(project));
}

async function printed(code) {
  const { stdout, stderr, exitCode } = await runNode(code);
  assert.deepEqual([exitCode, stderr], [0, ""], stdout);
  return stdout.trim().split("\n");
}

test("the README's server runs as it is written", async () => {
  const server = await readmeServer();
  const visit = `.listen(0, async function () {
    const url = "http://127.0.0.1:" + this.address().port;
    const show = async (answer) => console.log(answer.status, answer.headers.get("cache-control"), await answer.text());
    await show(await fetch(url));
    const signedIn = await fetch(url, { method: "POST" });
    const [line] = signedIn.headers.getSetCookie();
    await show(signedIn);
    await show(await fetch(url, { headers: { cookie: line.split(";")[0] } }));
    console.log(line.replace(/=[^;]+/, ""));
    this.close();
    this.closeAllConnections();
  })`;
  const [guest, signedIn, again, cookie] = await printed(server.replace(".listen(3000)", visit));
  assert.equal(guest, "401 null Sign in first; then the browser sends the cookie with each request.");
  assert.match(signedIn, /^200 private, no-store Hello, \w{20}$/);
  assert.equal(again, signedIn.replace("private, no-store", "null"));
  assert.match(cookie, /^a_session_\w+; Expires=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
});

test("10,000 requests by 100 users: each gets its own, and nothing is left of them", async (t) => {
  const command = ["exec", "--limits", "off", "--", process.execPath, "--expose-gc", pathOf("requests.mjs")];
  const { stdout } = await run(pathOf("../../bin/isojot"), command);
  const { mixed, sent, measured } = JSON.parse(stdout);
  for (const { served, heap, handles, memory } of measured) t.diagnostic(`${served} requests: heap ${heap}, Go's memory ${memory} bytes, ${handles} handles`);
  assert.deepEqual(mixed, []);
  assert.deepEqual([sent["GET /v1/account"], sent["POST /v1/account/jwts"]], [10_000, 100]);
  // One handle for each user's token, none for a request.
  assert.deepEqual(measured.map(({ served, handles }) => [served, handles]), [[2000, 100], [6000, 100], [10_000, 100]]);
  const [first, last] = [measured[0], measured.at(-1)];
  const bound = 8 << 20; // a kilobyte for each of 8,000 requests
  assert.ok(last.heap - first.heap < bound && last.memory - first.memory < bound, stdout);
});

// A module whose one function traps, as a defect of a program does.
const TRAP = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x74, 0, 0, 10, 5, 1, 3, 0, 0, 0x0b);

// Loads Go with a clock that traps, below Go's own frames, once it is armed.
async function loadWithTrap() {
  const trap = { armed: false };
  const { t: unreachable } = (await WebAssembly.instantiate(TRAP)).instance.exports;
  const now = () => {
    if (!trap.armed) return performance.now();
    trap.armed = false;
    return unreachable();
  };
  await dispose();
  const timers = { setTimeout: (...args) => setTimeout(...args), clearTimeout: (timer) => clearTimeout(timer) };
  await init({ scope: { performance: { now }, ...timers, fetch: (url, request) => trap.fetch(url, request) } });
  return trap;
}

// Calls of three requests: one reads, one writes, and the third, `poison`,
// makes the program crash under them.
async function crashUnderway(t, poison) {
  const trap = await loadWithTrap();
  const held = deferred();
  const arrived = { GET: 0, PATCH: 0 };
  const url = await serve(t, async (request, response) => {
    if (++arrived[request.method] === 1) await held.promise; // until after the crash
    echo(request, response);
  });
  const client = (session) => createServerClient({ endpoint: `${url}/v1`, project, cookies: `a_session_${project}=${session}` });
  trap.fetch = (to, request) => {
    if (request.headers["x-poison"]) trap.armed = poison();
    return fetch(to, request);
  };
  const [reader, writer, killer] = ["reader", "writer", "killer"].map(client);
  const calls = [reader.account.get(), writer.account.updateName("Ada")];
  while (arrived.GET + arrived.PATCH < 2) await new Promise(setImmediate);
  killer.headers["x-poison"] = "1";
  const results = await Promise.allSettled([...calls, killer.account.getPrefs()]);
  held.resolve();
  return { results, arrived };
}

test("a crash costs other requests nothing where they only read, and an error where they do not", async (t) => {
  let times = 1;
  const { results, arrived } = await crashUnderway(t, () => times-- > 0);
  const [read, written, killed] = results;
  assert.equal(read.value?.headers["x-appwrite-session"], "reader", String(read.reason));
  assert.equal(killed.value?.headers["x-appwrite-session"], "killer", String(killed.reason));
  assert.ok(written.reason instanceof AppwriteException);
  assert.deepEqual([written.reason.type, arrived.PATCH], ["client_stopped", 1]);
  assert.ok(stats().handles >= 2);
  await dispose();
  assert.deepEqual(stats(), { handles: 0, memory: 0 });
});

test("a call that makes every program crash is sent twice, and no more", async (t) => {
  let times = 0;
  const { results } = await crashUnderway(t, () => (times++, true));
  assert.deepEqual([results[2].reason?.type, times], ["client_stopped", 2]);
  await dispose();
});
