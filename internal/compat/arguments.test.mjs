// That operations are tried with what the comparison is about.
import assert from "node:assert/strict";
import { test } from "node:test";
import { argumentSets } from "./support/arguments.mjs";

const operation = (...params) => ({ service: "Teams", name: "create", method: "POST", path: "/teams/{teamId}", params });
const id = { name: "teamId", type: "string", in: "path" };
const count = { name: "count", type: "number | bigint", optional: true, in: "body" };
const roles = { name: "roles", type: "string[]", optional: true, in: "body" };

const byLabel = (sets) => Object.fromEntries(sets.map((set) => [set.label, set.args()]));

test("both forms hold all parameters, the required ones alone, and each optional one by itself", () => {
  const sets = byLabel(argumentSets(operation(id, count, roles)));
  assert.deepEqual(sets["object: all"], [{ teamId: "the-teamId", count: 7, roles: ["the-roles", "the-roles2"] }]);
  assert.deepEqual(sets["positions: all"], ["the-teamId", 7, ["the-roles", "the-roles2"]]);
  assert.deepEqual(sets["object: required ones alone"], [{ teamId: "the-teamId" }]);
  assert.deepEqual(sets["positions: required ones alone"], ["the-teamId"]);
  assert.deepEqual(sets["positions: of the optional ones roles"], ["the-teamId", undefined, ["the-roles", "the-roles2"]]);
});

test("each required one is left out, undefined and null", () => {
  const other = { name: "name", type: "string", in: "body" };
  const sets = byLabel(argumentSets(operation(id, other)));
  assert.deepEqual(sets["object: without teamId"], [{ name: "the-name" }]);
  assert.deepEqual(sets["positions: without name"], ["the-teamId"]);
  assert.deepEqual(sets["object: name undefined"], [{ teamId: "the-teamId", name: undefined }]);
  assert.deepEqual(sets["positions: teamId null"], [null, "the-name"]);
});

test("values of every kind are tried, those of paths apart", () => {
  const prefs = { name: "prefs", type: "Partial<Preferences>", in: "body" };
  const sets = byLabel(argumentSets(operation(id, count, roles, prefs)));
  assert.match(sets["object: unicode"][0].teamId, /[^\x00-\xff]/);
  assert.match(Object.keys(sets["object: unicode"][0].prefs)[0], /[^\x00-\xff]/);
  assert.deepEqual(sets["object: empty"], [{ teamId: "the-teamId", count: 0n, roles: [], prefs: {} }]);
  assert.equal(sets["object: empty in the path"][0].teamId, "");
  assert.equal(sets["positions: big"][1], 9007199254740993n);
  assert.equal(typeof sets["object: big"][0].prefs.huge, "bigint");
  assert.equal(sets["object: nested"][0].prefs.deep[0].big, 9007199254740993n);
  assert.deepEqual(sets["object: optional ones null"][0], { teamId: "the-teamId", count: null, roles: null, prefs: { a: 1 } });
  assert.deepEqual(sets["object: wrong"][0].roles, "the-roles");
});

test("an object that stands first may be the parameter or hold it", () => {
  const query = { name: "query", type: "object", in: "body" };
  const sets = byLabel(argumentSets(operation(query)));
  assert.deepEqual(sets["positions: an object with the parameter's name"], [{ query: { inner: 1 }, other: 2 }]);
  assert.ok(!Object.keys(byLabel(argumentSets(operation(id)))).includes("positions: an object with the parameter's name"));
});

test("what takes nothing is called with nothing, and with more", () => {
  assert.deepEqual(Object.values(byLabel(argumentSets(operation()))), [[], ["more"]]);
});

test("enums are those of the package, files what it takes, and uploads tell of their progress", () => {
  const flag = { name: "flag", type: "Flag", in: "body" };
  const flags = { name: "flags", type: "Flag[]", in: "body" };
  const file = { name: "file", type: "File | InputFile", in: "body" };
  const made = { a: "file" };
  const sets = byLabel(argumentSets({ ...operation(flag, flags, file), progress: true }, { enums: { Flag: { Malta: "mt" } }, file: () => made }));
  const [{ onProgress, ...all }] = sets["object: all"];
  assert.deepEqual(all, { flag: "mt", flags: ["mt", "mt"], file: made });
  assert.equal(typeof onProgress, "function");
  assert.equal(typeof sets["positions: all"][3], "function");
  assert.equal(argumentSets(operation(file))[0].args()[0].file.size, 13);
});

test("arguments are made anew for each call, and labels are different", () => {
  const sets = argumentSets(operation(id, count, roles));
  assert.notEqual(sets[0].args()[0], sets[0].args()[0]);
  assert.notEqual(sets[0].args()[0].roles, sets[0].args()[0].roles);
  assert.equal(new Set(sets.map(({ label }) => label)).size, sets.length);
});

test("a type of which no values are known is refused by name", () => {
  assert.throws(() => argumentSets(operation({ name: "x", type: "Map<string, number>" })), /no values of the type Map<string, number>/);
});
