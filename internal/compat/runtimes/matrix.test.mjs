// The packed package in the runtimes that are large to have: the same checks
// as in ../matrix.test.mjs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { project } from "../support/isojot.mjs";
import { matrixSuite, newEnv, record, runProcess } from "../support/matrix.mjs";
import { startProxy } from "../support/proxy.mjs";
import { newSession, newUser } from "../support/tabs.mjs";
import { startWorkerd } from "../support/workerd.mjs";

const shared = matrixSuite();
const program = (name) => join(fileURLToPath(new URL(".", import.meta.url)), "node_modules", ".bin", name);
const version = (name) => /\d[\w.-]*/.exec(execFileSync(program(name), ["--version"], { encoding: "utf8" }))[0];

test("Bun, ESM", (t) => runProcess(t, shared, "Bun ESM", version("bun"), program("bun"), [], "process.mjs"));
test("Bun, CommonJS", (t) => runProcess(t, shared, "Bun CommonJS", version("bun"), program("bun"), [], "process.cjs"));
test("Bun, a worker", (t) => runProcess(t, shared, "Bun worker", version("bun"), program("bun"), [], "processworker.mjs"));

// It asks for no permission beyond what Node has without asking.
test("Deno", (t) => runProcess(t, shared, "Deno", version("deno"), program("deno"), ["run", "--quiet", "--allow-all"], "process.mjs"));
test("Deno, a worker", (t) => runProcess(t, shared, "Deno worker", version("deno"), program("deno"), ["run", "--quiet", "--allow-all"], "processworker.mjs"));

test("Workers, by wasmModule", async (t) => {
  const env = await newEnv(shared, { host: "127.0.0.1" });
  const isolate = await startWorkerd(t, shared.packed, program("workerd"), env.endpoint);
  const answer = await fetch(`${isolate.url}/run`, { method: "POST", body: JSON.stringify(env) });
  const results = answer.ok ? await answer.json() : [{ name: "the run", error: `${answer.status}: ${await answer.text()}` }];
  results.push({ name: "the runtime tells of nothing", ...(isolate.output() && { error: isolate.output() }) });
  record(t, "workerd", version("workerd"), results, { extra: 1 });
});

/** An isolate behind a proxy, two users, and their requests to it. */
async function twoUsers(t, files) {
  const proxy = await startProxy(t, shared.isojot.url);
  const isolate = await startWorkerd(t, shared.packed, program("workerd"), proxy.endpoint, files);
  const signIn = async () => {
    const user = await newUser(shared);
    const { secret } = await newSession(shared, user);
    return { ...user, headers: { cookie: `a_session_${project}=${encodeURIComponent(secret)}` } };
  };
  const ask = async (path, { headers }, signal) => {
    const answer = await fetch(isolate.url + path, { headers, signal });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${path}: ${text} ${isolate.output()}`);
    return JSON.parse(text);
  };
  return { proxy, isolate, alice: await signIn(), bob: await signIn(), ask };
}

test("Workers: requests of two users on one program, each held while the other goes on", async (t) => {
  const { proxy, isolate, alice, bob, ask } = await twoUsers(t);
  const first = proxy.hold("GET", "/account");
  const alices = ask("/user", alice);
  await first.reached;
  assert.deepEqual(await ask("/user", bob), [bob.userId, bob.userId]);
  const second = proxy.hold("GET", "/account");
  const bobs = ask("/user", bob);
  await second.reached;
  first.open();
  assert.deepEqual(await alices, [alice.userId, alice.userId]);
  second.open();
  assert.deepEqual(await bobs, [bob.userId, bob.userId]);
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => ask("/user", i % 2 ? bob : alice)));
  assert.deepEqual(all.map(([id]) => id), Array.from({ length: 20 }, (_, i) => (i % 2 ? bob : alice).userId));
  assert.equal(isolate.output(), "");
});

test("Workers: the first requests come at once, before anything is loaded", async (t) => {
  const { isolate, alice, bob, ask } = await twoUsers(t);
  const all = await Promise.all(Array.from({ length: 8 }, (_, i) => ask("/user", i % 2 ? bob : alice)));
  assert.deepEqual(all.map(([id]) => id), Array.from({ length: 8 }, (_, i) => (i % 2 ? bob : alice).userId));
  assert.equal(isolate.output(), "");
});

test("Workers: none waits for a token that another request makes, and all have what was made", async (t) => {
  const { proxy, isolate, alice, bob, ask } = await twoUsers(t);
  const gate = proxy.hold("POST", "/account/jwts");
  const leaving = new AbortController();
  const left = ask("/token", alice, leaving.signal).catch((error) => error.name);
  await gate.reached;
  const tokens = await Promise.all([ask("/token", alice), ask("/token", bob)]);
  assert.deepEqual(tokens.map(({ userId }) => userId), [alice.userId, bob.userId]);
  leaving.abort(); // its request in the isolate ends, too
  assert.equal(await left, "AbortError");
  gate.open();
  assert.deepEqual(await Promise.all([ask("/token", alice), ask("/token", bob)]), tokens);
  assert.equal(proxy.creations, 3);
  assert.equal(isolate.output(), "");
});

test("Workers: a request ends the program that another has loaded", async (t) => {
  const { isolate, alice, ask } = await twoUsers(t);
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(await ask("/user", alice), [alice.userId, alice.userId]);
    assert.deepEqual(await ask("/dispose", alice), { handles: 0, memory: 0 });
  }
  assert.equal(isolate.output(), "");
});

test("Workers: the README's function runs as it is written", async (t) => {
  const readme = await readFile(join(shared.packed.installed, "README.md"), "utf8");
  const [[, code]] = [...readme.matchAll(/^```js\n([\s\S]*?)^```/gm)].filter(([, code]) => code.includes("wasmModule from"));
  await writeFile(join(shared.packed.dir, "readme.mjs"), code);
  const { isolate, alice, bob, ask } = await twoUsers(t, ["readme.mjs"]);
  const users = await Promise.all([alice, bob].map((user) => ask("/", user)));
  assert.deepEqual(users.map(({ email }) => email), [alice.email, bob.email]);
  assert.equal(isolate.output(), "");
});
