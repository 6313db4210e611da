// The vectors that Go runs too, natively and under Node.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import * as isojot from "../dist/isojot.node.mjs";

const vectors = JSON.parse(await readFile(new URL("../../testdata/tokens.json", import.meta.url)));

test("decodeJWT() reads and refuses what Go does", async () => {
  assert.ok(vectors.length > 40);
  for (const { name, token, error, userId, sessionId, exp } of vectors) {
    if (error === undefined) {
      assert.deepEqual({ ...(await isojot.decodeJWT(token)) }, { userId, sessionId, exp }, name);
      continue;
    }
    await assert.rejects(isojot.decodeJWT(token), (failure) => {
      assert.equal(failure.type, "client_token_malformed", name);
      assert.ok(failure.message.includes(error), `${name}: ${failure.message}`);
      assert.ok(!token || token.length < 20 || !failure.message.includes(token), `${name}: the message repeats the token`);
      return true;
    });
  }
});
