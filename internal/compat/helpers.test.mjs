// The helpers that make strings, and what is not covered: ours beside the
// official appwrite 28, in Node.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { root } from "./support/isojot.mjs";
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
      assert.match(String(refusal), new RegExp(`^AppwriteException: ${name.toLowerCase()}\\.${member}\\(\\) is not in isojot`));
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
