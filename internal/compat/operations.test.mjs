// Every operation of the official packages, with arguments of all kinds, against
// a server that writes down what comes. OPERATIONS_WEB and OPERATIONS_NODE name
// files with the lists of operations, as JSON.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { argumentSets, mayBeObject } from "./support/arguments.mjs";
import { redirect, startRecorder } from "./support/recorder.mjs";

const require = createRequire(import.meta.url);
const LOCATION = "https://example.com/there?a=b";

const PACKAGES = [
  { name: "appwrite", list: process.env.OPERATIONS_WEB, refusesEmptyIds: true },
  { name: "node-appwrite", list: process.env.OPERATIONS_NODE, file: () => require("node-appwrite/file").InputFile.fromPlainText("a small file\n", "small.txt") },
];

for (const { name, list, file, refusesEmptyIds } of PACKAGES) {
  describe(name, { skip: list ? false : "no list of operations is named in the environment" }, () => {
    const operations = list ? JSON.parse(readFileSync(list, "utf8")) : [];
    const sdk = require(name);
    const ends = [];
    let recorder;
    before(async () => (recorder = await startRecorder({ after: (end) => ends.push(end) })));
    after(() => ends.forEach((end) => end()));

    test("the list has every operation of the package", () => {
      const listed = new Set(operations.map(({ service, name }) => `${service}.${name}`));
      assert.deepEqual(operationsOf(sdk).filter((operation) => !listed.has(operation)), []);
    });

    for (const service of new Set(operations.map(({ service }) => service))) {
      test(service, async () => {
        for (const operation of operations.filter((operation) => operation.service === service)) {
          for (const set of argumentSets(operation, { enums: sdk, file })) await attempt(sdk, recorder, operation, set, refusesEmptyIds);
        }
      });
    }
  });
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

async function attempt(sdk, recorder, operation, set, refusesEmptyIds) {
  const label = `${operation.service}.${operation.name}, ${set.label}`;
  const client = new sdk.Client().setEndpoint(recorder.endpoint).setProject("demo");
  if (operation.kind === "redirect") recorder.plan(redirect(LOCATION));
  const { value, error } = await outcomeOf(() => new sdk[operation.service](client)[operation.name](...set.args()));
  const requests = recorder.take();
  const what = `${label}: ${error}\n${requests.map(({ method, url }) => `${method} ${url}`).join("\n")}`;
  const refusal = refusalOf(operation, set, refusesEmptyIds);
  if (refusal) {
    assert.equal(requests.length, 0, what);
    assert.equal(error?.message, refusal, what);
    return;
  }
  assert.equal(error, undefined, what);
  if (isURL(operation)) {
    assert.equal(requests.length, 0, what);
    assert.ok(value.startsWith(recorder.endpoint), `${label}: ${value}`);
    return;
  }
  assert.equal(requests.length, 1, what);
  assert.equal(requests[0].method, operation.method, what);
  assert.match(requests[0].path, pathOf(operation), what);
  if (operation.kind === "redirect") assert.equal(value, LOCATION);
}

// The message by which the official packages refuse a call, if they do.
function refusalOf(operation, set, refusesEmptyIds) {
  const given = givenTo(operation, set);
  const isEmptyId = ({ name, type }) => refusesEmptyIds && operation.path?.includes(`{${name}}`) && type === "string" && given[name] === "";
  const isMissing = (param) => given[param.name] === undefined || isEmptyId(param);
  const missing = operation.params.find((param) => isRequired(operation, param) && isMissing(param));
  if (missing) return `Missing required parameter: "${missing.name}"`;
  return operation.params.some(({ name, type }) => /\bFile\b/.test(type) && given[name] === null) ? "File not found in payload" : undefined;
}

// By name, what a call gives. An object that stands first holds the parameters,
// unless it may be the first of them and has none by its name.
function givenTo({ params }, { args }) {
  const [first, ...rest] = args();
  const isObject = typeof first === "object" && first !== null && !Array.isArray(first);
  if (isObject && (!mayBeObject(params[0]) || params.some(({ name }) => name in first))) return first;
  return Object.fromEntries(params.map(({ name }, i) => [name, [first, ...rest][i]]));
}

// What the official packages require, though their types call it optional:
// null is to be said.
const REQUIRED = /^((Databases|TablesDB)\.update\w+\.xdefault|Project\.update\w+Policy\.total)$/;

function isRequired({ service, name }, param) {
  return !param.optional || (REQUIRED.test(`${service}.${name}.${param.name}`) && !param.type.endsWith("[]"));
}

// Such an operation makes an address and sends nothing; in a page, some go there.
const isURL = ({ kind, failed }) => kind === "url" || failed !== undefined;

// PROJECT stands for the client's.
const pathOf = ({ path }) => new RegExp(`^/v1${path.replace("PROJECT", "demo").replaceAll(/\{[^}]*\}/g, "[^/]*")}$`);

async function outcomeOf(call) {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
}
