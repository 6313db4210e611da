// Every operation of the official packages, with arguments of all kinds: what they
// send, give back and throw, and what ours does, against a server that writes down
// what comes. They are equal but for the DIFFERENCES, of which each has its rule.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, promisify } from "node:util";
import { argumentSets } from "./support/arguments.mjs";
import { binary, json, partsOf, redirect, startRecorder } from "./support/recorder.mjs";

const require = createRequire(import.meta.url);
const root = new URL("../../", import.meta.url);
const run = promisify(execFile);

const LOCATION = "https://example.com/there?a=b";
const BYTES = Buffer.from([0, 255, 7, 10]);
const SESSION = "the-session";
const KEY = "the-key";

// What a request says by itself, whoever makes it, and what fetch adds.
const NOT_COMPARED = /^(x-sdk-(name|platform|language|version)|user-agent|host|connection|accept-encoding|accept-language|sec-fetch-.*|content-length)$/;
const CREDENTIALS = ["x-appwrite-session", "x-appwrite-key", "x-appwrite-jwt"];

const MISSING = /^Missing required parameter: "(\w+)"$/;

// Where ours is not to do as the official package does, by which rule, and what it is to do then.
const DIFFERENCES = [
  {
    why: "no id is null or empty: the request would be another one's, such as that which deletes all",
    is({ operation, given, ours }) {
      const [, name] = MISSING.exec(ours.error?.message) ?? [];
      return operation.params.some((param) => param.name === name && param.in === "path") && (given[name] === null || given[name] === "");
    },
  },
  {
    why: "node-appwrite drops every position after a first one that may be left out and is; ours sends what the same object says",
    async is({ operation, set, given, ours, again }) {
      return set.form === "positions" && operation.params[0].optional && !set.args()[0] && isDeepStrictEqual(ours, await again(() => [given]));
    },
  },
  {
    why: "what is no file is refused with what to give",
    is: ({ theirs, ours }) => theirs.error?.message === "File not found in payload" && /must be a File\b/.test(ours.error?.message),
  },
];

const PACKAGES = [
  { name: "appwrite", list: "page", count: 184, build: "isojot.mjs", sign: (client) => client.setSession(SESSION) },
  { name: "node-appwrite", list: "server", count: 610, build: "isojot.node.mjs", sign: (client) => client.setSession(SESSION).setKey(KEY) },
];

for (const { name, list, count, build, sign } of PACKAGES) {
  describe(name, () => {
    const sdk = require(name);
    const ends = [];
    const seen = { operations: 0, calls: 0, differences: new Map() };
    let ours;
    let recorder;
    let operations;
    before(async () => {
      recorder = await startRecorder({ after: (end) => ends.push(end) });
      ours = await import(new URL(`js/dist/${build}`, root));
      await ours.init({ wasmModule: await WebAssembly.compile(await readFile(new URL("js/dist/isojot.wasm", root))) });
      const { stdout } = await run("go", ["run", "./internal/gen", "-list", list], { cwd: fileURLToPath(root), maxBuffer: 1 << 24 });
      operations = JSON.parse(stdout);
    });
    after(async () => {
      ends.forEach((end) => end());
      await ours.dispose();
    });

    test("the list has every operation of the package", () => {
      const listed = new Set(operations.map(({ service, name }) => `${service}.${name}`));
      assert.deepEqual(operationsOf(sdk).filter((operation) => !listed.has(operation)), []);
      assert.equal(operations.length, count);
    });

    test("ours does what the package does", async (t) => {
      for (const service of new Set(operations.map(({ service }) => service))) {
        await t.test(service, async () => {
          for (const operation of operations.filter((operation) => operation.service === service)) {
            await compare({ sdk, ours, recorder, operation, sign, seen });
            seen.operations++;
          }
        });
      }
      assert.equal(seen.operations, count);
      console.log(`${name}: ${seen.operations} operations compared in ${seen.calls} calls`);
      for (const { why } of DIFFERENCES) console.log(`  differs in ${seen.differences.get(why) ?? 0} calls: ${why}`);
    });

    test("the package's own services do on our client what they do on theirs", async (t) => {
      let calls = 0;
      for (const operation of operations) calls += await compareForeign({ sdk, ours, recorder, operation, sign });
      console.log(`${name}: its own services on our client in ${calls} calls`);
      assert.ok(calls > 2 * count);
    });
  });
}

// Theirs call what the client has for them: config, call(), chunkedUpload(), redirect().
async function compareForeign({ sdk, ours, recorder, operation, sign }) {
  const sets = argumentSets(operation, { enums: sdk }).filter(({ label }) => /: (all|unicode)$|^nothing$/.test(label));
  const clients = [sdk, ours].map((of) => new sdk[operation.service](sign(new of.Client().setEndpoint(recorder.endpoint).setProject("demo").setLocale("en"))));
  for (const set of sets) {
    recorder.usual = answerOf(operation);
    const [theirs, our] = [await outcomeOf(recorder, clients[0], operation, set), await outcomeOf(recorder, clients[1], operation, set)];
    const label = `${operation.service}.${operation.name} of the official package, ${set.label}`;
    // Our client names its project where a service does not.
    our.requests.forEach(({ headers }, i) => "x-appwrite-project" in theirs.requests[i].headers || delete headers["x-appwrite-project"]);
    assertLane(operation, theirs, our, label);
    assert.deepEqual(withoutCredentials(our), withoutCredentials(theirs), label);
  }
  return sets.length;
}

// The methods of what is made of a client. Realtime has no requests.
function operationsOf(sdk) {
  const services = Object.entries(sdk).filter(([name, type]) => /^class\b/.test(String(type)) && name !== "Realtime" && isService(type));
  return services.flatMap(([name, type]) => {
    const methods = Object.getOwnPropertyNames(type.prototype).filter((method) => method !== "constructor");
    return methods.map((method) => `${name}.${method}`);
  });
}

const isService = (type) => type.length === 1 && "client" in new type({});

async function compare({ sdk, ours, recorder, operation, sign, seen }) {
  const clients = [sdk, ours].map((of) => new of[operation.service](sign(new of.Client().setEndpoint(recorder.endpoint).setProject("demo").setLocale("en"))));
  for (const set of argumentSets(operation, { enums: sdk })) {
    const label = `${operation.service}.${operation.name}, ${set.label}`;
    recorder.usual = answerOf(operation);
    const [theirs, our] = [await outcomeOf(recorder, clients[0], operation, set), await outcomeOf(recorder, clients[1], operation, set)];
    seen.calls++;
    assertLane(operation, theirs, our, label);
    const [official, here] = [withoutCredentials(theirs), withoutCredentials(our)];
    if (isDeepStrictEqual(here, official)) continue;
    const again = async (args) => withoutCredentials(await outcomeOf(recorder, clients[0], operation, { args }));
    const why = await ruleOf({ operation, set, given: givenBy(operation, set), theirs: official, ours: here, again });
    if (!why) assert.deepEqual(here, official, label);
    seen.differences.set(why, (seen.differences.get(why) ?? 0) + 1);
  }
}

async function ruleOf(call) {
  for (const { why, is } of DIFFERENCES) if (await is(call)) return why;
}

function answerOf({ kind }) {
  if (kind === "content") return binary(BYTES, "image/png");
  return kind === "redirect" ? redirect(LOCATION) : json({ $id: "x", big: 1, nested: { list: [1, null] } });
}

async function outcomeOf(recorder, service, operation, set) {
  const outcome = {};
  try {
    const value = await service[operation.name](...set.args());
    outcome.value = plain(value);
  } catch ({ name, message, code, type, response }) {
    outcome.error = { name, message, code, type, response };
  }
  return { ...outcome, requests: recorder.take().map(shown) };
}

// The same without a class: theirs have no prototype.
function plain(value) {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(plain) : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

function shown(request) {
  const { method, url, headers, body } = request;
  const isForm = headers["content-type"]?.startsWith("multipart/form-data");
  const compared = Object.entries(headers).filter(([name]) => !NOT_COMPARED.test(name));
  const content = isForm ? partsOf(request).map((part) => ({ ...part, content: part.content.toString("latin1") })) : body.toString();
  return { method, url, headers: Object.fromEntries(compared.map(([name, value]) => [name, isForm && name === "content-type" ? "multipart/form-data" : value])), body: content };
}

// One credential at most, and one that the official package sends too.
function assertLane({ operation }, theirs, ours, label) {
  ours.requests.forEach(({ headers }, i) => {
    const sent = CREDENTIALS.filter((name) => name in headers);
    assert.ok(sent.length <= 1, `${label}: ${operation} went out with ${sent}`);
    for (const name of sent) assert.equal(headers[name], theirs.requests[i]?.headers[name], label);
  });
}

function withoutCredentials({ requests, ...outcome }) {
  const bare = requests.map(({ headers, ...request }) => ({ ...request, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.includes(name))) }));
  return { ...outcome, requests: bare };
}

// By name, what a call gives.
function givenBy({ params }, { form, args }) {
  const all = args();
  return form === "object" ? all[0] : Object.fromEntries(params.map(({ name }, i) => [name, all[i]]));
}
