// Tokens by public keys, judged by a server of the built binary and, by the key
// set that it serves, by an independent library, npm's jose.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";
import { binary, project, root, startIsojot } from "./support/isojot.mjs";

const apiKey = "a key of this test, with all scopes";

/** A server with the user u1, and what asks it and the library about a token. */
async function setUp(t, { userId = "u1", projects = [] } = {}) {
  const isojot = await startIsojot(t, { args: ["--api-key", apiKey, "--limits", "off", ...projects.flatMap((id) => ["--project", id])] });
  const call = async (method, path, headers, body) => {
    const answer = await fetch(isojot.endpoint + path, {
      method,
      headers: { "content-type": "application/json", "x-appwrite-project": project, ...headers },
      body: body && JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  const manage = async (method, path, body) => {
    const { status, body: answer } = await call(method, path, { "x-appwrite-key": apiKey }, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  await manage("POST", "/users", { userId, email: `${userId}@example.com`, password: "correct horse", name: "U" });
  const url = new URL(`${isojot.endpoint}/projects/${project}/jwks.json`);
  return {
    isojot, manage, url,
    /** Runs an isojot command on the server's data. */
    run: async (...args) => (await promisify(execFile)(binary, [...args, "--data", isojot.data])).stdout.trim(),
    /** What the server answers to the token's bearer. */
    account: (jwt) => call("GET", "/account", { "x-appwrite-jwt": jwt }),
    newVerifier: () => {
      const keys = createRemoteJWKSet(url);
      return (jwt, options) => jwtVerify(jwt, keys, { algorithms: ["EdDSA", "ES256"], requiredClaims: ["exp", "userId"], ...options });
    },
  };
}

test("the server and jose judge every vector as testdata/publickeys.json says", async (t) => {
  const vectors = JSON.parse(await readFile(join(root, "testdata", "publickeys.json"), "utf8"));
  const { run, account, newVerifier } = await setUp(t, { userId: vectors.userId, projects: ["other"] });
  const folder = await mkdtemp(join(tmpdir(), "isojot-keys-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, jwk] of Object.entries(vectors.keys)) {
    const pem = createPrivateKey({ key: jwk, format: "jwk" }).export({ type: "pkcs8", format: "pem" });
    await writeFile(join(folder, name), pem, { mode: 0o600 });
  }
  const rotate = (id, key, ...flags) => run("key", "rotate", "--project", id, "--import", join(folder, key), ...flags);
  await rotate(project, "revoked");
  await rotate(project, "es256", "--revoke");
  await rotate(project, "eddsa", "--now");
  await rotate("other", "other");

  const verify = newVerifier();
  const judged = { good: 0, refused: 0 };
  for (const { name, token, good, except = [] } of vectors.tokens) {
    await t.test(name, async () => {
      const goodFor = (who) => good !== except.includes(who);
      const { status, body } = await account(token);
      assert.deepEqual([status, body.$id], goodFor("server") ? [200, vectors.userId] : [401, undefined], JSON.stringify(body));
      if (goodFor("jose")) {
        const { payload } = await verify(token);
        if (goodFor("server")) assert.equal(payload.userId, vectors.userId);
      } else {
        await assert.rejects(verify(token), (error) => error instanceof errors.JOSEError || error instanceof TypeError);
      }
      judged[good ? "good" : "refused"]++;
    });
  }
  assert.ok(judged.good >= 8 && judged.refused >= 60, JSON.stringify(judged));
});

for (const alg of ["EdDSA", "ES256"]) {
  test(`jose verifies what the server signs by ${alg}, before and after a rotation`, async (t) => {
    const { isojot, manage, run, account, newVerifier, url } = await setUp(t);
    const verify = newVerifier();
    const create = async (duration = 3600) => (await manage("POST", "/users/u1/jwts", { duration })).jwt;
    const published = async () => (await (await fetch(url)).json()).keys.map(({ kid }) => kid);
    const session = await manage("POST", "/users/u1/sessions", {});
    await assert.rejects(verify(await create()), "HS256");

    await run("key", "claims", "iss=https://auth.example.com", "aud=orders", "iat", "sub", "email", "name");
    await run("key", "rotate", "--alg", alg);
    const before = await create();
    const { payload, protectedHeader } = await verify(before, { issuer: "https://auth.example.com", audience: "orders", subject: "u1", maxTokenAge: "1h" });
    assert.deepEqual([payload.userId, payload.sessionId, payload.email, payload.email_verified, payload.name], ["u1", session.$id, "u1@example.com", false, "U"]);
    assert.equal(payload.exp - payload.iat, 3600);
    assert.equal(protectedHeader.alg, alg);
    await assert.rejects(verify(before, { audience: "billing" }), errors.JWTClaimValidationFailed);

    // A key is published 15 minutes before it signs, so nobody who keeps the set has to fetch it.
    await run("key", "rotate");
    const [first, second] = await published();
    assert.equal(decodeProtectedHeader(await create()).kid, first);
    const warm = newVerifier();
    await warm(await create());
    await isojot.advance("15m1s");
    const after = await create();
    assert.equal(decodeProtectedHeader(after).kid, second);
    // (The first verifier has kept the set from before: for it those 15 minutes have not passed.)
    for (const [jwt, verifiers] of [[before, [verify, warm]], [after, [warm]]]) {
      assert.equal((await account(jwt)).status, 200);
      for (const check of [...verifiers, newVerifier()]) await check(jwt);
    }

    // When the old key's last token has expired, it is gone.
    await isojot.advance("60m");
    assert.deepEqual(await published(), [second]);
    assert.equal((await account(before)).status, 401);
    await assert.rejects(newVerifier()(before), errors.JWKSNoMatchingKey);
  });
}

test("a page of any site can read the key set, and nothing in it is private", async (t) => {
  const { run, url } = await setUp(t);
  await run("key", "rotate", "--alg", "ES256");
  const answer = await fetch(url, { headers: { origin: "https://anywhere.example" } });
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(answer.headers.get("cache-control"), "public, max-age=300");
  const { keys } = await answer.json();
  assert.deepEqual(keys.map((key) => Object.keys(key)), [["kty", "crv", "x", "y", "use", "alg", "kid"]]);
});
