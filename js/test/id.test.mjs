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

test("a padding that makes no valid id is refused", () => {
  for (const padding of [-1, 24, 1.5, "7", NaN]) {
    assert.throws(() => ID.unique(padding), (error) => error instanceof AppwriteException && /0 to 23/.test(error.message));
  }
});

test("a custom id stays as it is", () => {
  assert.equal(ID.custom("me"), "me");
});
