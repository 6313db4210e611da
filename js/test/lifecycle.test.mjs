// The built package over its whole life, with the real Go program: what is left
// of programs that ended, of copies of the package, and after a crash. Things
// are counted, never timed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { dist, echo, runNode, serve } from "./support.mjs";

// What every program below begins with: memories() counts the Go programs of
// which anything is left, held() what the process has besides.
const BEFORE = `
  import { createRequire } from "node:module";
  import { readFileSync } from "node:fs";
  import { compileFunction } from "node:vm";
  const programs = [];
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...args) => {
    const result = await instantiate(...args);
    const { mem } = (result.instance ?? result).exports;
    if (mem) programs.push(new WeakRef(mem)); // Node's fetch has a WebAssembly of its own
    return result;
  };
  const turn = () => new Promise(setImmediate);
  async function memories(goal) {
    for (let i = 0; i < 200; i++) {
      gc();
      await turn();
      if (programs.filter((program) => program.deref()).length <= goal) break;
    }
    return programs.filter((program) => program.deref()).length;
  }
  const counted = (names) => Object.fromEntries([...new Set(names)].sort().map((name) => [name, names.filter((one) => one === name).length]));
  const held = () => ({
    resources: counted(process.getActiveResourcesInfo()),
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    globals: Reflect.ownKeys(globalThis).length,
  });
  const unhandled = [];
  process.on("unhandledRejection", (error) => unhandled.push(String(error)));
  const settled = (promises) => Promise.allSettled(promises).then((all) => all.map(({ status, reason }) => reason?.type ?? status));
`;

// Runs it in a process of its own with the API's address in \`endpoint\`; it must
// print one line of JSON and nothing else, and end by itself.
async function program(t, code, handler = echo) {
  const given = { endpoint: `${await serve(t, handler)}/v1`, esm: pathToFileURL(dist("isojot.node.mjs")).href, edge: pathToFileURL(dist("isojot.edge.mjs")).href, wasm: dist("isojot.wasm"), cjs: dist("isojot.cjs") };
  const constants = Object.entries(given).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`).join("\n");
  const { stdout, stderr, exitCode, signal } = await runNode(`${BEFORE}\n${constants}\n${code}`, { flags: ["--expose-gc"], timeout: 120_000 });
  assert.deepEqual([exitCode, signal, stderr], [0, null, ""], stdout);
  const lines = stdout.trim().split("\n");
  assert.equal(lines.length, 1, stdout);
  return JSON.parse(lines[0]);
}

test("100 cycles of init, calls and dispose leave nothing behind", async (t) => {
  const { samples, started, afterwards, unhandled } = await program(
    t,
    `const { Client, init, dispose, stats } = await import(esm);
    const samples = [];
    for (let i = 1; i <= 100; i++) {
      await init({ scope: i % 2 ? {} : { now: () => Date.now() } });
      const clients = [1, 2, 3].map((n) => new Client().setEndpoint(endpoint).setProject("p").setSession("s" + n));
      clients[0].onAuthChange(() => {})();
      await Promise.all(clients.map((client) => client.account.get()));
      await dispose();
      if (i % 20 === 0) samples.push({ alive: await memories(1), ...held(), stats: stats() });
    }
    console.log(JSON.stringify({ samples, started: programs.length, afterwards: stats(), unhandled }));`,
  );
  t.diagnostic(JSON.stringify(samples.at(-1)));
  assert.equal(started, 100);
  assert.deepEqual([afterwards, unhandled], [{ handles: 0, memory: 0 }, []]);
  // The last one's frames may still be on the stack; of 99 others nothing is.
  for (const { alive } of samples) assert.ok(alive <= 1, `${alive} programs are alive`);
  for (const sample of samples.slice(1)) assert.deepEqual({ ...sample, alive: 0 }, { ...samples[0], alive: 0 });
});

test("init, dispose and calls in whatever order, as of effects that run twice, end with one program", async (t) => {
  const { rounds, started, alive, stats, unhandled } = await program(
    t,
    `const { Client, init, preload, dispose, stats } = await import(esm);
    const client = new Client().setEndpoint(endpoint).setProject("p").setSession("s");
    const rounds = [];
    const orders = [
      () => [init(), dispose(), init()],
      () => [init(), client.account.get(), dispose(), init(), client.account.get()],
      () => [preload(), dispose(), dispose(), preload(), dispose(), preload()],
      () => [client.account.get(), dispose(), client.account.get(), client.account.get()],
      () => [dispose(), init({}), init({}), dispose(), init({ scope: { fetch: (...args) => fetch(...args) } })],
    ];
    for (let i = 0; i < 4; i++) {
      for (const order of orders) {
        await dispose();
        rounds.push(await settled(order()));
        rounds.push((await client.account.get()).method);
      }
    }
    await dispose();
    await client.account.get();
    const alive = await memories(1);
    console.log(JSON.stringify({ rounds, started: programs.length, alive, stats: stats(), unhandled }));
    await dispose();`,
  );
  assert.deepEqual(rounds.slice(0, 10), [
    ["fulfilled", "fulfilled", "fulfilled"], "GET",
    ["fulfilled", "client_disposed", "fulfilled", "fulfilled", "fulfilled"], "GET",
    Array(6).fill("fulfilled"), "GET",
    ["client_disposed", "fulfilled", "fulfilled", "fulfilled"], "GET",
    Array(5).fill("fulfilled"), "GET",
  ]);
  assert.deepEqual(rounds, [...Array(4)].flatMap(() => rounds.slice(0, 10)));
  assert.equal(alive, 1, `${started} were started`);
  assert.deepEqual([stats.handles, unhandled], [1, []]);
});

test("copies of the package, as of a module that is evaluated again, live side by side", async (t) => {
  const { answers, kinds, apart, alive, unhandled } = await program(
    t,
    `const copies = [await import(esm), await import(esm + "?again"), createRequire(esm)(cjs)];
    const clients = copies.map(({ Client }, i) => new Client().setEndpoint(endpoint).setProject("p").setSession("s" + i));
    const get = () => Promise.all(clients.map((client) => client.account.get().then(({ headers }) => headers["x-appwrite-session"])));
    const answers = [await get()];
    const failure = await copies[1].decodeJWT("x").catch((error) => error);
    const kinds = copies.map(({ AppwriteException }) => failure instanceof AppwriteException);
    await copies[0].dispose();
    const apart = copies.map(({ stats }) => stats().handles);
    answers.push(await get());
    await copies[0].init({});
    await copies[1].init({});
    const alive = await memories(3);
    for (const { dispose } of copies) await dispose();
    console.log(JSON.stringify({ answers, kinds, apart, alive, unhandled }));`,
  );
  assert.deepEqual(answers, Array(2).fill(["s0", "s1", "s2"]));
  assert.deepEqual([kinds, apart, alive, unhandled], [[true, true, true], [0, 1, 1], 3, []]);
});

test("a copy that nobody disposed of goes with what used it", async (t) => {
  const { started, alive, unhandled } = await program(
    t,
    `const source = readFileSync(cjs, "utf8");
    async function evaluateAndDrop(i) {
      const module = { exports: {} };
      compileFunction(source, ["module", "require", "__filename"])(module, createRequire(cjs), cjs);
      const { Client } = module.exports;
      await new Client().setEndpoint(endpoint).setProject("p").setSession("s").account.get();
    }
    for (let i = 0; i < 10; i++) await evaluateAndDrop(i);
    const alive = await memories(1);
    console.log(JSON.stringify({ started: programs.length, alive, unhandled }));`,
  );
  assert.equal(started, 10);
  assert.ok(alive <= 1, `${alive} programs are alive`);
  assert.deepEqual(unhandled, []);
});

// A module whose one function traps, as a defect of a program does.
const TRAP = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x74, 0, 0, 10, 5, 1, 3, 0, 0, 0x0b];

test("a crash rejects what is under way, once, and the next call starts afresh, again and again", async (t) => {
  const handler = (request, response) => {
    if (!request.headers["x-held"]) echo(request, response); // the crash must end the others
  };
  const { rounds, started, alive, resources, unhandled } = await program(
    t,
    `const { Client, init, dispose, stats } = await import(esm);
    const { t: unreachable } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(${TRAP}))).exports;
    let armed = false;
    const now = () => (armed ? ((armed = false), unreachable()) : performance.now());
    const scope = { performance: { now }, setTimeout: (...args) => setTimeout(...args), clearTimeout: (timer) => clearTimeout(timer) };
    await init({ scope });
    const client = (headers) => Object.assign(new Client().setEndpoint(endpoint).setProject("p").setSession("s"), { headers });
    const rounds = [];
    async function round() {
      const calls = [client({ "x-held": "1" }).account.get(), client({ "x-held": "1" }).account.updateName("a"), client({ "x-held": "1" }).account.createJWT()];
      await client({}).account.get();
      armed = true;
      calls.push(client({}).account.get());
      rounds.push([await settled(calls), (await client({}).account.get()).method, stats().handles]);
    }
    for (let i = 0; i < 5; i++) await round();
    await dispose();
    const alive = await memories(1);
    console.log(JSON.stringify({ rounds, started: programs.length, alive, resources: held().resources, unhandled }));`,
    handler,
  );
  assert.deepEqual(rounds, Array(5).fill([Array(4).fill("client_stopped"), "GET", 1]));
  assert.equal(started, 6);
  assert.ok(alive <= 1, `${alive} programs are alive`);
  assert.deepEqual([resources.Timeout ?? 0, unhandled], [0, []]);
});

const BUILDS = { "isojot.node.mjs": "import", "isojot.mjs": "import", "isojot.edge.mjs": "import", "isojot.cjs": "require", "isojot.js": "script" };

for (const [file, way] of Object.entries(BUILDS)) {
  test(`evaluating ${file} reads no file, touches no global and starts nothing`, async (t) => {
    const load = { import: `await import(path)`, require: `createRequire(path)(path)`, script: `(0, eval)(script)` }[way];
    const { touched, before, after, made } = await program(
      t,
      `import fs from "node:fs";
      import promises from "node:fs/promises";
      import { syncBuiltinESMExports } from "node:module";
      import { fileURLToPath } from "node:url";
      const path = ${JSON.stringify(way === "import" ? pathToFileURL(dist(file)).href : dist(file))};
      const script = ${JSON.stringify(way)} === "script" ? readFileSync(path, "utf8") : "";
      const load = async () => ${load};
      const touched = [];
      const [console_, turn_] = [globalThis.console, globalThis.setImmediate];
      for (const [of, names] of [[fs, ["readFile", "readFileSync", "openSync", "createReadStream"]], [promises, ["readFile", "open"]]]) {
        for (const name of names) {
          const own = of[name];
          of[name] = function (file, ...rest) {
            // The module itself is read by Node.
            if (!String(file).includes("isojot.") || String(file).includes("wasm")) touched.push(name);
            return own.call(this, file, ...rest);
          };
        }
      }
      syncBuiltinESMExports();
      const names = ["fetch", "WebAssembly", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "crypto", "performance", "localStorage",
        "sessionStorage", "BroadcastChannel", "MessageChannel", "document", "window", "self", "navigator", "location", "Worker", "addEventListener", "Go"];
      for (const name of names) {
        const value = globalThis[name];
        Object.defineProperty(globalThis, name, { configurable: true, get: () => (touched.push(name), value) });
      }
      const before = [process.getActiveResourcesInfo(), Reflect.ownKeys(globalThis).map(String)];
      await load();
      for (let i = 0; i < 20; i++) await new Promise(turn_); // Node closes the module's file
      const after = [process.getActiveResourcesInfo(), Reflect.ownKeys(globalThis).map(String)];
      const made = after[1].filter((name) => !before[1].includes(name));
      console_.log(JSON.stringify({ touched, before: before[0], after: after[0], made }));`,
    );
    // The script looks where it was loaded from, which only then can be known.
    assert.deepEqual(touched, way === "script" ? ["document"] : []);
    assert.deepEqual([after, made], [before, way === "script" ? ["isojot"] : []]);
  });
}

// What runs when something is collected is in no request, and Go must not.
test("where requests are kept apart a call closes the clients that were collected, and nothing else does", async (t) => {
  const { opened, changed, closed } = await program(
    t,
    `const { Client, init, stats } = await import(edge);
    await init({ wasmModule: await WebAssembly.compile(readFileSync(wasm)) });
    const ask = (client) => client.account.get();
    const newClient = () => new Client().setEndpoint(endpoint).setProject("p").setSession("s");
    const kept = newClient();
    await Promise.all([kept, newClient(), newClient()].map(ask));
    const opened = stats().handles;
    let changed = 0;
    for (let i = 0; i < 200 && stats().handles > 1; i++) {
      const before = stats().handles;
      gc();
      for (let turns = 0; turns < 10; turns++) await turn();
      changed += before - stats().handles;
      await ask(kept);
    }
    console.log(JSON.stringify({ opened, changed, closed: stats().handles }));`,
  );
  assert.deepEqual({ opened, changed, closed }, { opened: 3, changed: 0, closed: 1 });
});
