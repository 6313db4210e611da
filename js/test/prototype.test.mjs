import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SRC = new URL("../src/", import.meta.url).href;
const run = promisify(execFile);

// Runs a module in a process of its own, after members were given to all objects.
async function polluted(members, script) {
  const before = `Object.assign(Object.prototype, ${JSON.stringify(members)});\n`;
  const imports = Object.entries(MODULES).map(([name, file]) => `const ${name} = await import(${JSON.stringify(SRC + file)});\n`);
  const helper = `const show = (value) => delete Object.prototype.signal && process.stdout.write(JSON.stringify(value));\n`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", before + imports.join("") + helper + script], {
    cwd: fileURLToPath(SRC),
  });
  return JSON.parse(stdout);
}

const MODULES = {
  abort: "shared/abort.js",
  services: "api/services.gen.js",
  service: "api/service.js",
  auth: "engine/auth.js",
  channel: "api/channel.js",
  cookies: "server/cookies.js",
  header: "shared/cookieheader.js",
  exception: "shared/exception.js",
  fn: "server/functionclient.js",
  enums: "api/condition.js",
  id: "api/id.js",
  mirror: "engine/mirror.js",
  operator: "api/operator.js",
  options: "shared/options.js",
  params: "api/params.js",
  permission: "api/permission.js",
  query: "api/query.js",
  role: "api/role.js",
  clientOptions: "api/clientoptions.js",
  scope: "engine/scope.js",
};

test("a descriptor has no member of all objects", async () => {
  const members = { effect: "signs in", params: "x y", answer: "content", optional: "x", kind: "upload", lanes: "key", accept: "x", checked: true, methods: { x: 1 } };
  const got = await polluted(members, `
    const { get } = service.operationsOf(services.Account);
    show([mirror.signsIn(get), mirror.changesUser(get, {}, "s"), get, params.readArguments(get, [])]);
  `);
  assert.deepEqual(got, [
    false,
    false,
    {
      name: "account.get", effect: "", answer: "", kind: "", accept: "application/json", pattern: "GET /account", lanes: got[2].lanes, params: [], optional: [],
      checked: false, wire: {},
    },
    { params: {} },
  ]);
  assert.notEqual(got[2].lanes, "key");
});

test("a parameter, a signal and an option that nobody gave are none", async () => {
  const members = { name: "planted", prefs: 1, query: { q: 1 }, forceRefresh: 1, xpath: "/planted", wasmURL: "planted", now: 1, storage: 1, duration: 7 };
  const got = await polluted(members, `
    Object.prototype.signal = 1; // Node, too, reads it where it loads files
    const operation = { __proto__: null, pattern: "GET /", params: ["name", "prefs"], optional: ["name"], wire: {} };
    const client = { invoke: (operation, params, signal) => show([params, signal, told]), token: (force, signal) => told.push([force, signal]) };
    const told = [];
    told.push(params.readArguments(operation, [{ prefs: { a: 1 } }]), params.readArguments({ ...operation, params: ["prefs"], checked: true }, [{ a: 1 }]));
    const checked = options.checkedOptions({});
    told.push([checked.wasmURL, checked.scope.now], clientOptions.clientConfig({ token: {} }));
    await new services.Account(client).getToken({});
    await new services.Account(client).getToken();
    new services.Graphql(client).query({ query: "{ a }" });
  `);
  const config = { tokenDuration: 0, tokenRefreshEarly: -1 };
  assert.deepEqual(got, [
    { query: { query: "{ a }" } },
    null,
    [{ params: { prefs: { a: 1 } } }, { params: { prefs: { a: 1 } } }, [null, null], config, [false, null], [false, null]],
  ]);
});

test("what Go reports has no member of all objects", async () => {
  const members = { jwt: "a.b.c", freshFor: 9, liveFor: 9, type: "signed-out", token: { jwt: "a.b.c" }, error: 1, aborted: true, sessionId: "s" };
  const got = await polluted(members, `
    const known = auth.newAuth();
    const run = { over: false, clock: () => [0, 0] };
    known.receive("token", { generation: 0 }, run, 0);
    const task = await abort.abortable(undefined, async ({ aborted }) => aborted);
    show([known.mirror.living(), known.departures(), Object.keys(auth.changeOf({ type: "signed-in" })), task, mirror.frozenToken({ jwt: "d" })]);
  `);
  assert.deepEqual(got, [null, 0, ["type", "userId", "sessionId"], false, { jwt: "d" }]);
});

test("an error, a cookie and a function's request have no member of all objects", async () => {
  const members = { reason: "planted", advice: "planted", code: 7, type: "planted", cookie: "a=planted", domain: "planted.test", "x-appwrite-trigger": "http" };
  const got = await polluted(members, `
    const { code, type, reason, advice } = exception.toException(new TypeError("no"));
    const made = new exception.AppwriteException("no");
    let refused;
    try {
      fn.functionClients(class { setEndpoint() { return this; } setProject() { return this; } setJWT() {} }, {})({ headers: {} }, { endpoint: "e", project: "p" });
    } catch (error) {
      refused = error.message;
    }
    show([code, type, reason, advice, made.reason, cookies.openCookies({ headers: {} }).read("a"), header.setCookieHeader("a", "b", { path: "/" }), refused]);
  `);
  assert.match(got.pop(), /no header x-appwrite-trigger/);
  assert.deepEqual(got, [0, "", "unknown", "", "unknown", [], "a=b; Path=/"]);
});

test("Go sees no member of all objects as one of the page's", async () => {
  const got = await polluted({ document: {}, fs: {} }, `
    const made = scope.privateScope(globalThis, options.checkedOptions({}).scope, {});
    show([typeof made.document, typeof made.fs]);
  `);
  assert.deepEqual(got, ["undefined", "undefined"]);
});

test("queries, operators, channels, roles and ids have no member of all objects", async () => {
  const members = {
    method: "planted", attribute: "planted", values: ["planted"], segments: ["planted"], id: "planted", status: "planted", role: "planted",
    padding: 3, meters: false, max: 3, min: 3, unbounded: true, isNull: "planted", Equal: "planted",
  };
  const got = await polluted(members, `
    const { Query } = query;
    const { Operator } = operator;
    const { Channel } = channel;
    const { Role } = role;
    show([
      String(new Query("orderRandom")), Query.isNull("a"), Query.distanceEqual("a", [1, 2], 3), Query.and([Query.limit(1), Query.isNull("b")]),
      String(new Operator("toggle")), Operator.increment(), Operator.arrayFilter(enums.Condition.Equal),
      String(Channel.bucket("a").file()), String(Channel.team("b").create()),
      permission.Permission.read(Role.user("a")), Role.team("b"), Role.users(), id.ID.unique().length,
    ]);
  `);
  assert.deepEqual(got, [
    '{"method":"orderRandom"}', '{"method":"isNull","attribute":"a"}', '{"method":"distanceEqual","attribute":"a","values":[[[1,2],3,true]]}',
    '{"method":"and","values":[{"method":"limit","values":[1]},{"method":"isNull","attribute":"b"}]}',
    '{"method":"toggle"}', '{"method":"increment","values":[1]}', '{"method":"arrayFilter","values":["equal",null]}',
    "buckets.a.files", "teams.b.create", 'read("user:a")', "team:b", "users", 20,
  ]);
});
