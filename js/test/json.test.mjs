// JSON with numbers that a JavaScript number would round. That the official
// package reads and writes the same is held by internal/compat/numbers.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parseJSON, stringifyJSON } from "../src/shared/json.js";

test("whole numbers beyond 2^53 are BigInts, all others numbers", () => {
  const cases = [
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", 9007199254740992n],
    ["-9007199254740993", -9007199254740993n],
    ["9223372036854775807", 9223372036854775807n],
    ["-9223372036854775808", -9223372036854775808n],
    ["9223372036854775808", 2 ** 63],
    ["123456789012345678901234567890", 1.2345678901234568e29],
    ["9007199254740993.0", 9007199254740993n],
    ["9007199254740993.5", 9007199254740994],
    ["9.007199254740993e15", 9007199254740993n],
    ["90071992547409930e-1", 9007199254740993n],
    ["90071992547409935e-1", 9007199254740994],
    ["1e18", 1e18],
    ["1.0000000000000000e18", 10n ** 18n],
    ["0.12345678901234567890", 0.12345678901234568],
    ["0.0000000000000000000000009e40", 9e15],
    ["1.7976931348623157e+308", Number.MAX_VALUE],
  ];
  for (const [text, value] of cases) {
    assert.deepEqual(parseJSON(text), value, text);
    assert.deepEqual(parseJSON(`{"a":[1,${text},"${text}"]}`), { a: [1, value, text] }, text);
  }
  assert.ok(Object.is(parseJSON("-0.0000000000000000000"), 0));
  assert.ok(Object.is(parseJSON("-0"), -0));
});

test("strings and keys stay as they are, whatever is in them", () => {
  const long = "9007199254740993";
  const value = { [long]: [long, `"${long}"`, `\\`, `\\"${long}\\`, `é\n${long}`, `${long}:`], n: 9007199254740993n };
  const text = JSON.stringify(value, (key, v) => (typeof v === "bigint" ? "@" : v)).replace('"@"', long);
  assert.deepEqual(parseJSON(text), value);
  assert.equal(JSON.stringify(parseJSON(text), (key, v) => (typeof v === "bigint" ? "@" : v)).replace('"@"', long), text);
});

test("what is no JSON is refused, with long numbers too", () => {
  for (const text of ["", "{", "[9007199254740993,]", "09007199254740993", '"9007199254740993', "9007199254740993 1"]) {
    assert.throws(() => parseJSON(text), SyntaxError, text);
  }
});

test("ordinary answers are parsed once", (t) => {
  const parse = t.mock.method(JSON, "parse");
  parseJSON('{"$createdAt":"2026-08-21T12:42:57.123+00:00","total":123456789012345,"sessions":[]}');
  assert.equal(parse.mock.callCount(), 1);
  parseJSON('{"n":9007199254740993}');
  assert.equal(parse.mock.callCount(), 3);
});

test("a text of ten million characters and of two thousand levels is read", () => {
  const { a, b } = parseJSON(`{"a":"${"x\\\"".repeat(3_333_333)}","b":9007199254740993}`);
  assert.deepEqual([a.length, b], [6_666_666, 9007199254740993n]);
  const deep = parseJSON("[".repeat(2000) + "9007199254740993" + "]".repeat(2000));
  assert.equal(deep.flat(Infinity)[0], 9007199254740993n);
});

test("BigInts are written as numbers, all else as JSON.stringify does", () => {
  assert.equal(stringifyJSON({ a: 9007199254740993n, b: [-1n, { c: 2n }] }), '{"a":9007199254740993,"b":[-1,{"c":2}]}');
  const value = { s: 'a"\\\n\té', n: -1.5e-7, f: () => {}, u: undefined, y: Symbol("y"), l: [undefined, () => {}, NaN, , -0], d: new Date(0), o: {}, e: [], t: true, z: null };
  assert.equal(stringifyJSON(value), JSON.stringify(value));
  for (const nothing of [undefined, () => {}, Symbol("s")]) assert.equal(stringifyJSON(nothing), undefined);
});

test("a BigInt is a number also where a page has taught it toJSON", (t) => {
  BigInt.prototype.toJSON = function () {
    return `${this}n`;
  };
  t.after(() => delete BigInt.prototype.toJSON);
  assert.equal(stringifyJSON([1n]), "[1]");
});

test("one object in two places is written twice, one in itself refused", () => {
  const one = { a: 1 };
  assert.equal(stringifyJSON([one, one]), '[{"a":1},{"a":1}]');
  one.self = [one];
  assert.throws(() => stringifyJSON(one), /TypeError: it is circular/);
});
