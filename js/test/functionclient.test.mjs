// clientFromFunction(): whom a function acts for, and what its message says
// where that is not known.
import assert from "node:assert/strict";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { functionClients } from "../src/server/functionclient.js";
import { definePackage, dist, echo, fakePlatform, runNode, serve } from "./support.mjs";

const JWT = "aGVhZGVy.cGF5bG9hZA.c2lnbmF0dXJl";
const ENV = { APPWRITE_FUNCTION_API_ENDPOINT: "http://api.test/v1", APPWRITE_FUNCTION_PROJECT_ID: "shop", APPWRITE_FUNCTION_JWT: JWT };
const HEADERS = { "x-appwrite-trigger": "http", "x-appwrite-user-jwt": JWT };

/** clientFromFunction() in a process with that environment. */
function inProcess(env) {
  const platform = fakePlatform({ functionClients });
  platform.global.process = { env };
  return definePackage(platform).clientFromFunction;
}

const refused = (message) => (error) => {
  assert.ok(error instanceof AppwriteException);
  assert.equal(error.type, "client_invalid_argument");
  assert.match(error.message, message);
  assert.ok(!error.message.includes("secret"), "the message repeats the token");
  return true;
};

test("a command's caller is in the environment", () => {
  for (const client of [inProcess(ENV)(), inProcess(ENV)(null), inProcess({})(ENV), inProcess(ENV)({ ...ENV })]) {
    const { endpoint, project, jwt, session, locale } = client.config;
    assert.deepEqual({ endpoint, project, jwt, session, locale }, { endpoint: "http://api.test/v1", project: "shop", jwt: JWT, session: "", locale: "" });
  }
});

test("a request's caller is in its headers, and where to call is not", () => {
  const env = { ...ENV, APPWRITE_FUNCTION_JWT: "of.another.call" };
  const evil = { ...HEADERS, APPWRITE_FUNCTION_API_ENDPOINT: "http://attacker.test/v1", endpoint: "http://attacker.test/v1" };
  const written = { "X-Appwrite-Trigger": "http", "X-Appwrite-User-JWT": JWT };
  for (const headers of [HEADERS, evil, new Headers(HEADERS), written, new Map(Object.entries(written))]) {
    const { config } = inProcess(env)({ headers });
    assert.deepEqual([config.endpoint, config.project, config.jwt], ["http://api.test/v1", "shop", JWT]);
  }
});

test("a service somewhere else says where to call", () => {
  const { config } = inProcess({})({ headers: HEADERS }, { endpoint: "https://api.test/v1", project: "demo" });
  assert.deepEqual([config.endpoint, config.project, config.jwt], ["https://api.test/v1", "demo", JWT]);
});

test("a guest's client has no token", () => {
  const { "x-appwrite-trigger": trigger } = HEADERS;
  const clients = [
    inProcess({ ...ENV, APPWRITE_FUNCTION_JWT: "" })(),
    // The environment is of the process, the request of the caller.
    inProcess(ENV)({ headers: { ...HEADERS, "x-appwrite-user-jwt": "" } }),
    inProcess(ENV)({ headers: { "x-appwrite-trigger": trigger } }),
    inProcess(ENV)({ headers: new Headers({ "x-appwrite-trigger": trigger }) }),
  ];
  for (const client of clients) assert.equal(client.config.jwt, "");
});

test("what is missing is named, with the fix", () => {
  const without = (name) => Object.fromEntries(Object.entries(ENV).filter(([key]) => key !== name));
  for (const [env, args, message] of [
    [without("APPWRITE_FUNCTION_API_ENDPOINT"), [], /APPWRITE_FUNCTION_API_ENDPOINT is not set.*\{ endpoint \}/],
    [without("APPWRITE_FUNCTION_PROJECT_ID"), [{ headers: HEADERS }], /APPWRITE_FUNCTION_PROJECT_ID is not set.*\{ project \}/],
    [without("APPWRITE_FUNCTION_JWT"), [], /APPWRITE_FUNCTION_JWT is not set.*the function's req/],
    [{ ...ENV, APPWRITE_FUNCTION_JWT: "secret" }, [], /APPWRITE_FUNCTION_JWT is no JWT/],
    [ENV, [{ headers: {} }], /no header x-appwrite-trigger/],
    [ENV, [{ headers: { ...HEADERS, "x-appwrite-user-jwt": "a.secret" } }], /x-appwrite-user-jwt is no JWT/],
    [ENV, ["secret"], /takes the function's req, or process\.env/],
    [ENV, [{ headers: HEADERS }, { jwt: "secret" }], /no option "jwt"/],
    [ENV, [{ headers: HEADERS }, null], /takes an object/],
  ]) {
    assert.throws(() => inProcess(env)(...args), refused(message));
  }
});

test("where there is no process, it is all missing", () => {
  const { clientFromFunction } = definePackage(fakePlatform({ functionClients }));
  assert.throws(() => clientFromFunction(), refused(/APPWRITE_FUNCTION_API_ENDPOINT is not set/));
});

test("the builds for pages refuse it", () => {
  const { clientFromFunction } = definePackage(fakePlatform());
  assert.throws(() => clientFromFunction({ headers: HEADERS }), refused(/for functions.*new Client\(\)/));
});

test("the built package calls by the caller's token, and for a guest by nothing", async (t) => {
  const endpoint = `${await serve(t, echo)}/v1`;
  const code = `
    process.env.APPWRITE_FUNCTION_API_ENDPOINT = ${JSON.stringify(endpoint)};
    process.env.APPWRITE_FUNCTION_PROJECT_ID = "demo";
    const { clientFromFunction } = require(${JSON.stringify(dist("isojot.cjs"))});
    const of = (jwt) => clientFromFunction({ headers: { "x-appwrite-trigger": "http", "x-appwrite-user-jwt": jwt } });
    (async () => {
      const user = await of(${JSON.stringify(JWT)}).account.get();
      const guest = await of("").functions.createExecution({ functionId: "f" });
      const refused = await of("").account.get().catch(({ code, type }) => [code, type]);
      console.log(JSON.stringify({ user: user.headers, guest: guest.headers, refused }));
    })();`;
  const { stdout, stderr, exitCode } = await runNode(code, { type: "commonjs", timeout: 60_000 });
  assert.deepEqual([exitCode, stderr], [0, ""]);
  const { user, guest, refused } = JSON.parse(stdout);
  assert.equal(user["x-appwrite-jwt"], JWT);
  const credentials = ["x-appwrite-jwt", "x-appwrite-session", "x-appwrite-key", "cookie", "x-fallback-cookies"];
  assert.deepEqual(credentials.filter((name) => guest[name]), []);
  assert.deepEqual(refused, [401, "general_unauthorized_scope"]);
});
