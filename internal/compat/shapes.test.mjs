// Requests as the Flutter and Dart SDKs send them, and what those SDKs demand
// of an answer (contract section 1): raw, since neither runs here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isModel } from "./support/check.mjs";
import { project } from "./support/isojot.mjs";
import { KEY, password, suite } from "./support/suite.mjs";

const shared = suite("--allow-origin", "appwrite-android://com.example.app");

const SDKS = {
  flutter: {
    "x-sdk-name": "Flutter", "x-sdk-platform": "client", "x-sdk-language": "flutter", "x-sdk-version": "24.2.0",
    "x-appwrite-response-format": "1.9.5", origin: "appwrite-android://com.example.app",
    "user-agent": "com.example.app/1.0.0 Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)",
  },
  dart: {
    "x-sdk-name": "Dart", "x-sdk-platform": "server", "x-sdk-language": "dart", "x-sdk-version": "26.2.0",
    "x-appwrite-response-format": "1.9.6", "user-agent": "AppwriteDartSDK/26.2.0",
  },
};

/** Sends a request in that SDK's shape; DELETE carries a body too. */
async function send(sdk, method, path, { body = {}, headers = {} } = {}) {
  const answer = await fetch(shared.isojot.endpoint + path, {
    method,
    headers: { ...SDKS[sdk], "content-type": "application/json", "x-appwrite-project": project, ...headers },
    body: method === "GET" ? undefined : JSON.stringify(body),
  });
  const json = answer.headers.get("content-type")?.includes("application/json") ? await answer.json() : undefined;
  return { status: answer.status, json, cookies: answer.headers.getSetCookie(), warning: answer.headers.get("x-appwrite-warning") };
}

for (const sdk of Object.keys(SDKS)) {
  test(`${sdk}: from sign-up to sign-out`, async () => {
    const email = `${sdk}@example.com`;
    const created = await send(sdk, "POST", "/account", { body: { userId: sdk, email, password, name: null } });
    assert.equal(created.status, 201, JSON.stringify(created.json));
    isModel("account", created.json);
    assert.equal(created.json.name, "", "null is as absent");

    const session = await send(sdk, "POST", "/account/sessions/email", { body: { email, password } });
    assert.equal(session.status, 201);
    isModel("session", session.json);
    for (const field of ["current", "factors", "expire"]) assert.notEqual(session.json[field], null);
    // The jar of both SDKs takes the cookie and sends it as it was.
    const cookie = session.cookies.map((line) => line.split(";")[0]).join("; ");

    const account = await send(sdk, "GET", "/account", { headers: { cookie } });
    assert.equal(account.status, 200);
    for (const field of ["status", "emailVerification", "phoneVerification", "mfa"]) assert.equal(typeof account.json[field], "boolean", field);
    const list = await send(sdk, "GET", "/account/sessions", { headers: { cookie } });
    assert.equal(list.json.total, 1);

    const jwt = await send(sdk, "POST", "/account/jwts", { headers: { cookie }, body: { duration: null } });
    assert.equal(jwt.status, 201, "null is as absent");
    const byJWT = await send(sdk, "GET", "/account", { headers: { "x-appwrite-jwt": jwt.json.jwt } });
    assert.equal(byJWT.json.$id, sdk);

    const prefs = await send(sdk, "PATCH", "/account/prefs", { headers: { cookie }, body: { prefs: {} } });
    assert.deepEqual([prefs.status, prefs.json.prefs], [200, {}]);
    const ended = await send(sdk, "DELETE", "/account/sessions/current", { headers: { cookie }, body: {} });
    assert.deepEqual([ended.status, ended.json], [204, undefined]);
    const gone = await send(sdk, "GET", "/account", { headers: { cookie } });
    assert.deepEqual([gone.status, gone.json.code, gone.json.type], [401, 401, "general_unauthorized_scope"]);
    assert.equal(gone.warning, null);
  });

  test(`${sdk}: list queries as queries[]`, async () => {
    const key = { "x-appwrite-key": KEY };
    const query = (value) => `queries[]=${encodeURIComponent(JSON.stringify(value))}`;
    const users = await send(sdk, "GET", `/users?${query({ method: "equal", attribute: "email", values: [`${sdk}@example.com`] })}&${query({ method: "limit", values: [1] })}`, { headers: key });
    assert.equal(users.status, 200, JSON.stringify(users.json));
    assert.deepEqual(users.json.users.map(({ $id }) => $id), [sdk]);
    isModel("user", users.json.users[0]);
  });
}
