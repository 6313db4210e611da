import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException, toException } from "../src/shared/exception.js";
import { definePackage, fakePlatform } from "./support.mjs";

test("an exception has the fields of the official one", () => {
  const error = new AppwriteException("no", 401, "user_unauthorized", "{}");
  assert.ok(error instanceof Error);
  const { name, message, code, type, response } = error;
  assert.deepEqual([name, message, code, type, response], ["AppwriteException", "no", 401, "user_unauthorized", "{}"]);
  const bare = new AppwriteException("no");
  assert.deepEqual([bare.code, bare.type, bare.response, "cause" in bare], [0, "", "", false]);
});

test("instanceof holds across two copies of the package and not for others", async () => {
  const other = await import("../src/shared/exception.js?copy");
  assert.notEqual(other.AppwriteException, AppwriteException);
  assert.ok(new other.AppwriteException("x") instanceof AppwriteException);
  for (const value of [new Error("x"), null, undefined, "x", {}]) assert.equal(value instanceof AppwriteException, false);
});

test("a subclass is its own", () => {
  class Mine extends AppwriteException {}
  assert.ok(new Mine("x") instanceof Mine);
  assert.ok(new Mine("x") instanceof AppwriteException);
  assert.equal(new AppwriteException("x") instanceof Mine, false);
});

test("what Go rejects with is converted and kept as the cause", () => {
  const cause = Object.assign(new Error("limit"), { code: 429, type: "general_rate_limit_exceeded", response: '{"code":429}' });
  const error = toException(cause);
  assert.ok(error instanceof AppwriteException);
  assert.deepEqual([error.message, error.code, error.type, error.response], ["limit", 429, "general_rate_limit_exceeded", '{"code":429}']);
  assert.equal(error.cause, cause);
  assert.equal(toException(error), error);
});

test("the reason, the advice and the wait come along; without them nothing is claimed", () => {
  const cause = Object.assign(new Error("limit"), { code: 429, reason: "rate-limited", advice: "Wait.", retryAfter: 12.5 });
  const { reason, advice, retryAfter } = toException(cause);
  assert.deepEqual([reason, advice, retryAfter], ["rate-limited", "Wait.", 12.5]);
  const own = new AppwriteException("m", 401, "t", "{}", { reason: "no-session", advice: "Sign in.", retryAfter: 1 });
  assert.deepEqual([own.reason, own.advice, own.retryAfter, "cause" in own], ["no-session", "Sign in.", 1, false]);
  for (const bare of [new AppwriteException("no"), new AppwriteException("no", 0, "", "", null), toException(new Error("no")), toException({ reason: "", advice: 1, retryAfter: NaN })]) {
    assert.deepEqual([bare.reason, bare.advice, bare.retryAfter], ["unknown", "", undefined]);
  }
});

test("odd rejections are converted too", () => {
  assert.equal(toException("text").message, "text");
  assert.equal(toException(undefined).message, "undefined");
  const { code, type, response } = toException({ message: "m", code: "E", type: 1, response: {} });
  assert.deepEqual([code, type, response], [0, "", ""]);
});

// The error comes from Go, in a later turn.
test("a refusal's stack shows who made the call, and its message as it is", async () => {
  const platform = fakePlatform({ answer: async () => (await null, Promise.reject(Object.assign(new Error("limit"), { code: 429 }))) });
  const { Client } = definePackage(platform);
  const client = new Client().setEndpoint("http://localhost/v1").setProject("demo");
  async function loadUser() {
    await null;
    return client.account.get();
  }
  const error = await loadUser().catch((error) => error);
  assert.match(error.stack, /^AppwriteException: limit\n +at (async )?loadUser .*exception\.test\.mjs/);
  assert.ok(!error.stack.includes("service.js"));
});
