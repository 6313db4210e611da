// The helpers that make strings, and what is not covered: ours beside the
// official appwrite 28 and node-appwrite 27, in Node.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { root } from "./support/isojot.mjs";
import { walk } from "./support/walk.mjs";
import "./shared/helpers.js";

const require = createRequire(import.meta.url);
const official = require("appwrite");
const ours = require(`${root}js/dist/isojot.cjs`);

test("Query, Permission, Role, ID and the enums make what the official ones make", () => {
  const [theirs, made] = [official, ours].map((sdk) => globalThis.helpersScript(sdk));
  assert.deepEqual(Object.keys(made), Object.keys(theirs));
  for (const name of Object.keys(theirs)) assert.deepEqual(made[name], theirs[name], name);
  assert.equal(theirs.equal.filter((text) => text === "refused").length, 0);
  assert.deepEqual(theirs.refused, ["refused", "refused", "refused"]);
});

const HELPERS = ["Channel", "ID", "Operator", "Permission", "Query", "Role"];

for (const name of ["appwrite", "node-appwrite"]) {
  const sdk = require(name);
  for (const helper of HELPERS.filter((helper) => sdk[helper])) {
    test(`${helper} does in every call what that of ${name} does`, () => {
      const [theirs, own] = [sdk[helper], ours[helper]].map((type) => walk(type, isCompared));
      assert.deepEqual([...own.members].sort(), [...theirs.members].sort());
      assert.deepEqual([...theirs.members].filter((member) => !theirs.returned.has(member)), [], "methods that no call got through to");
      assert.ok(theirs.outcomes.size > 500, `${theirs.outcomes.size} calls`);
      const differences = [...theirs.outcomes].filter(([call, outcome]) => !sameOutcome(call, outcome, own.outcomes.get(call)));
      assert.deepEqual(differences.map(([call, outcome]) => ({ call, outcome, ours: own.outcomes.get(call) })).slice(0, 20), []);
      assert.equal(own.outcomes.size, theirs.outcomes.size);
    });
  }

  test(`${name} has no helper that was not compared`, () => {
    const services = ["Client", "AppwriteException", "InputFile"];
    const classes = Object.keys(sdk).filter((key) => /^class\b/.test(String(sdk[key])) && !services.includes(key) && !takesClient(sdk[key]));
    assert.deepEqual(classes.filter((key) => !HELPERS.includes(key)), []);
    assert.deepEqual({ ...ours.Condition }, { ...sdk.Condition });
  });
}

// Services are made of a client; the statics of helpers are all they have.
const takesClient = (type) => type.length === 1 && "client" in new type({});

// Private by the types of the official package.
const PRIVATE = ["method next", "method resolve"];

// What is compared: all but what is private, and but the official ID.unique()
// where it has no end, or none soon.
function isCompared(member, [padding]) {
  return !PRIVATE.includes(member) && (member !== "static unique" || !(numberOf(padding) > 1000));
}

function numberOf(value) {
  try {
    return Number(value);
  } catch {
    return NaN; // and ID.unique() throws
  }
}

function sameOutcome(call, theirs, own) {
  if (own === theirs) return true;
  // Random, but of the same form.
  if (call.startsWith("static unique(")) return [theirs, own].every((id) => /^"[0-9a-f]+"$/.test(id)) && theirs.length === own.length;
  // What is no query is refused in other words, with the fix.
  return /^static (or|and|elemMatch)\(/.test(call) && theirs === "throws SyntaxError" && own === "throws AppwriteException";
}

// Where the official package cannot write what it was given.
test("a long fraction within or() is kept, which the official package refuses", () => {
  const part = official.Query.equal("a", 0.12345678901234567);
  assert.throws(() => official.Query.or([part]), SyntaxError);
  assert.equal(ours.Query.or([part]), `{"method":"or","values":[${part}]}`);
});

const CLASSES = ["Account", "Client", "Functions", "Graphql"];

// Whatever the official classes have: a method of ours that works, or one that
// throws and names itself.
for (const name of CLASSES.filter((name) => ours[name])) {
  test(`${name} has every method of the official one`, async () => {
    const [theirs, own] = [official[name], ours[name]];
    const client = new ours.Client();
    const object = name === "Client" ? client : new own(client);
    const members = (prototype) => Object.getOwnPropertyNames(prototype).filter((member) => typeof prototype[member] === "function" && member !== "constructor");
    const missing = members(theirs.prototype).filter((member) => typeof object[member] !== "function");
    const statics = members(theirs).filter((member) => typeof own[member] !== "function");
    assert.deepEqual([missing, statics], [[], []]);
    for (const member of members(theirs.prototype)) {
      const refusal = await refusalOf(() => object[member]());
      if (refusal?.type !== "client_unsupported") continue;
      assert.match(String(refusal), new RegExp(`^AppwriteException: ${member}\\(\\) is not in isojot yet`));
    }
  });

  test(`${name} refuses nothing that the official one has not`, async () => {
    const object = name === "Client" ? new ours.Client() : new ours[name](new ours.Client());
    for (let at = Object.getPrototypeOf(object); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const member of Object.getOwnPropertyNames(at)) {
        if (member === "constructor" || member in official[name].prototype || typeof object[member] !== "function") continue;
        assert.notEqual((await refusalOf(() => object[member]()))?.type, "client_unsupported", member);
      }
    }
  });
}

// A call that is let through goes nowhere: there is no project. One that waits
// for something else is not refused.
async function refusalOf(call) {
  const soon = new Promise((resolve) => setImmediate(resolve));
  try {
    await Promise.race([call(), soon]);
  } catch (error) {
    return error;
  }
}
