// No token that a function was handed, and none of its caller's, is in a log, a
// record or the data directory, whatever the function does with it.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { FUNCTIONS, PATIENT, startInbox } from "./support/functions.mjs";
import { project } from "./support/isojot.mjs";
import { KEY } from "./support/suite.mjs";
import { browserSuite, newJWT, newProfile, newSession, newUser } from "./support/tabs.mjs";

const sdk = createRequire(import.meta.url)("node-appwrite");
const shared = browserSuite(...FUNCTIONS);

const clientOf = () => new sdk.Client().setEndpoint(shared.isojot.endpoint).setProject(project);
const limit = (n) => JSON.stringify({ method: "limit", values: [n] });

/** What of a secret must be nowhere: all of it, and the parts that are worth as much. */
function needles(secret) {
  const parts = [secret];
  const dots = secret.split(".");
  if (dots.length === 3) parts.push(dots[2]);
  const session = /^eyJ[\w+/]+=*$/.test(secret) && JSON.parse(Buffer.from(secret, "base64"));
  if (session?.secret) parts.push(session.secret);
  return parts;
}

/** All bytes of the data directory. */
async function dataOf({ data }) {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  assert.ok(files.length > 0, "the data directory is empty");
  return Buffer.concat(await Promise.all(files.map((file) => readFile(join(file.parentPath ?? file.path, file.name)))));
}

/** Waits until the execution has ended, and returns it as an API key sees it. */
async function ended(functions, { $id }, functionId) {
  for (;;) {
    const execution = await functions.getExecution({ functionId, executionId: $id });
    if (["completed", "failed"].includes(execution.status)) return execution;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("logs, records and the data directory hold no token", PATIENT, async (t) => {
  const secrets = new Set([KEY]);
  const note = ({ jwt, key, userId }, caller) => {
    assert.equal(userId, caller);
    for (const token of [jwt, key]) assert.ok(token.length > 100, `told ${token}`), secrets.add(token);
  };
  const byKey = new sdk.Functions(clientOf().setKey(KEY));
  const inbox = await startInbox(t);
  const user = await newUser(shared);
  const functionId = "tell";

  // By the page's cookie, by session header and by JWT, each at once and later.
  const profile = await newProfile(t, shared);
  const page = await profile.signedIn(user);
  const execute = (params) => page.evaluate((params) => client.functions.createExecution(params), { functionId, ...params });
  const session = await newSession(shared, user);
  const jwt = await newJWT(shared, session);
  secrets.add(session.secret).add(jwt);
  const started = [];
  for (const call of [
    execute,
    (params) => new sdk.Functions(clientOf().setSession(session.secret)).createExecution({ functionId, ...params }),
    (params) => new sdk.Functions(clientOf().setJWT(jwt)).createExecution({ functionId, ...params }),
  ]) {
    const now = await call({});
    note(JSON.parse(now.responseBody), user.userId);
    const later = await call({ async: true, body: inbox.url });
    note(await inbox.next(), user.userId);
    started.push(now, later);
  }
  const cookies = (await profile.context.cookies()).filter(({ name }) => name.startsWith("a_session_"));
  assert.ok(cookies.length > 0, "the page has no session cookie");
  for (const { value } of cookies) secrets.add(decodeURIComponent(value));

  // By a plain request to the function's own path.
  const url = `${shared.isojot.url}/_functions/${project}/${functionId}/`;
  const plain = await fetch(url, { headers: { cookie: `a_session_${project}=${encodeURIComponent(session.secret)}` } });
  note(await plain.json(), user.userId);
  started.push({ $id: plain.headers.get("x-appwrite-execution-id") });
  // And the examples, which say nothing.
  for (const name of ["function-node", "function-go"]) await execute({ functionId: name });

  const records = await Promise.all(started.map((one) => ended(byKey, one, functionId)));
  for (const { $id, status, logs, errors } of records) {
    assert.equal(status, "completed", errors);
    for (const part of ["log [redacted] [redacted]", "console"]) assert.ok(logs.includes(part), `${$id}: ${logs}`);
    for (const part of ["error [redacted] [redacted]", "stderr [redacted]"]) assert.ok(errors.includes(part), `${$id}: ${errors}`);
  }
  const lists = await Promise.all([functionId, "function-node", "function-go"].map((name) => byKey.listExecutions({ functionId: name, queries: [limit(100)] })));
  assert.deepEqual(lists.map(({ total }) => total), [started.length, 1, 1]);

  const running = await dataOf(shared.isojot);
  assert.equal(await shared.isojot.stop(), 0);
  const places = {
    records: Buffer.from(JSON.stringify([records, lists])), log: Buffer.from(shared.isojot.output),
    "data directory": running, "data directory after the end": await dataOf(shared.isojot),
  };
  // The search finds what is there.
  for (const [name, bytes] of Object.entries(places)) assert.ok(bytes.includes(started[0].$id), `${name}: not even the execution's id`);
  for (const secret of secrets) {
    for (const needle of needles(secret)) {
      for (const [name, bytes] of Object.entries(places)) assert.ok(!bytes.includes(needle), `${name}: ${needle.slice(0, 12)}...`);
    }
  }
});
