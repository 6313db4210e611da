// The vectors that Go runs too, against the built files; pack.test.mjs runs them against the tarball.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as isojot from "../dist/isojot.node.mjs";

import { checkTokenVectors, tokenOf } from "./support.mjs";

test("decodeJWT() reads and refuses what Go does", async () => {
  assert.ok((await checkTokenVectors(isojot.decodeJWT)) > 40);
});

test("the check fails where decodeJWT() is wrong", async () => {
  await assert.rejects(checkTokenVectors(async () => ({ userId: "u1", sessionId: "s1", exp: 1 })), assert.AssertionError);
  await assert.rejects(checkTokenVectors(async () => Promise.reject(new Error("no"))));
});

test("a vector may tell how its token is made", () => {
  assert.equal(tokenOf({ token: "a.b.c" }), "a.b.c");
  assert.equal(tokenOf({ prefix: "a.", repeat: "xy", times: 3, suffix: ".c" }), "a.xyxyxy.c");
  assert.equal(tokenOf({ repeat: "x", times: 2 }), "xx");
});
