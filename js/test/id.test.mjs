import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { ID } from "../src/api/id.js";

test("unique ids have 13 digits of time and the padding asked for", () => {
  assert.match(ID.unique(), /^[0-9a-f]{20}$/);
  assert.match(ID.unique(0), /^[0-9a-f]{13}$/);
  assert.match(ID.unique(23), /^[0-9a-f]{36}$/);
});

test("a thousand ids made at once are distinct", () => {
  assert.equal(new Set(Array.from({ length: 1000 }, () => ID.unique())).size, 1000);
});

test("the first digits are the time, so that ids sort by it", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_123 });
  const id = ID.unique();
  assert.equal(id.slice(0, 8), (1_700_000_000).toString(16));
  assert.equal(Math.floor(parseInt(id.slice(8, 13), 16) / 1000), 123);
});

test("a padding is read as the official package reads it", () => {
  const digits = [[-1, 0], [1.5, 2], ["7", 7], [NaN, 0], [null, 0], [3n, 3], [24, 24], [undefined, 7]];
  for (const [padding, count] of digits) assert.equal(ID.unique(padding).length, 13 + count, String(padding));
});

test("a padding without end is refused", () => {
  for (const padding of [Infinity, 65537]) {
    assert.throws(() => ID.unique(padding), (error) => error instanceof AppwriteException && /at most 65536, not/.test(error.message));
  }
});

test("a custom id stays as it is", () => {
  assert.equal(ID.custom("me"), "me");
});
