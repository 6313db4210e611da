// Numbers that JavaScript rounds: ours reads and writes them as the official
// appwrite 28 does. Its reader is not exported: it is had by a server's answer.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { project, root, startIsojot } from "./support/isojot.mjs";

const require = createRequire(import.meta.url);
const SDKS = { official: require("appwrite"), ours: require(`${root}js/dist/isojot.cjs`) };

const NUMBERS = [
  "0", "-0", "1", "-1", "9007199254740991", "-9007199254740991", "9007199254740992", "-9007199254740992", "9007199254740993", "-9007199254740993",
  "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
  "123456789012345678901234567890", "-123456789012345678901234567890", "123456789012345", "1234567890123456", "-12345678901234",
  "1e3", "1E15", "1e16", "1e18", "1e19", "-1e18", "1.5e300", "5e-324", "1e-400", "9007199254740993e0", "9007199254740993E+0", "90071992547409930e-1", "90071992547409935e-1",
  "9.007199254740993e15", "9.0071992547409935e15", "1.0000000000000000e18", "1.0000000000000000e17", "0.0000000000000000000000009e40", "922337203685477580.7e1",
  "0.1", "0.12345678901234567890", "-0.12345678901234567890", "123456789.123456789123456789", "9007199254740993.0", "9007199254740993.00000", "9007199254740993.5",
  "9007199254740991.9999999999", "0.0000000000000000", "-0.0000000000000000", "0e0000000000000000", "-0.0000000000000000e1", "-0.00000000000000001e-400", "1.7976931348623157e+308", "100000000000000000000000e-22",
];
const TEXTS = [
  ...NUMBERS, ...NUMBERS.map((n) => `{"n":[${n},{"${n}":"${n}","deep":[[${n}]]}], "s" : "\\"${n}\\\\", "t":"\\\\\\"${n}" }`),
  `[${NUMBERS.join(" , ")}]`, `{"a":"9007199254740993","b":"x9007199254740993n","c":"2026-08-21T12:42:57.123+00:00","d":"e1234567890123456e"}`,
  '{"9007199254740993":9007199254740993}', '{"é":"\\u0039007199254740993","n":9007199254740993}', '"9007199254740993"', "[]", "{}", "null", "true", "[9007199254740993]",
];

let server, sent;

before(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    sent = body;
    response.writeHead(200, { "Content-Type": "application/json" }).end(TEXTS[Number(request.headers["x-text"] ?? -1)] ?? "{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
after(async () => {
  server.close();
  server.closeAllConnections();
  await SDKS.ours.dispose();
});

const client = ({ Client }) => new Client().setEndpoint(`http://127.0.0.1:${server.address().port}/v1`).setProject(project).setSession("secret");

async function read(sdk, i) {
  const own = client(sdk);
  own.headers["x-text"] = String(i);
  return new sdk.Account(own).get();
}

// The official package's objects have no prototype. Negative zero stays so.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  return value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([name, v]) => [name, plain(v)])) : value;
}

test("every kind of number is read as the official package reads it", async () => {
  let big = 0;
  for (const [i, text] of TEXTS.entries()) {
    const [theirs, own] = [await read(SDKS.official, i), await read(SDKS.ours, i)].map(plain);
    assert.deepEqual(own, theirs, text);
    if (typeof own === "bigint") big++;
  }
  assert.ok(big >= 12, `only ${big} BigInts`);
});

// The official ones have no prototype, and a hidden toString: neither passes
// from React's server components to its client ones.
test("answers are plain objects", async () => {
  const answer = await read(SDKS.ours, TEXTS.indexOf('{"9007199254740993":9007199254740993}'));
  assert.equal(Object.getPrototypeOf(answer), Object.prototype);
  assert.deepEqual(Reflect.ownKeys(answer), ["9007199254740993"]);
});

test("parameters are written as the official package writes them", async () => {
  const prefs = {
    big: 9007199254740993n, small: -1n, list: [1n, 2, "3n", null, undefined, NaN], deep: { n: 2n ** 70n, f() {}, u: undefined, d: new Date(0) },
    text: "9007199254740993 \" \\ \u007f\u2028", empty: {}, zero: -0,
  };
  const bodies = {};
  for (const [name, sdk] of Object.entries(SDKS)) {
    await new sdk.Account(client(sdk)).updatePrefs({ prefs });
    bodies[name] = [sent];
    await new sdk.Account(client(sdk)).updatePrefs(prefs);
    bodies[name].push(sent);
    await new sdk.Graphql(client(sdk)).query({ query: { query: "query($n: Int) { a(n: $n) }", variables: { n: 9007199254740993n } } });
  }
  assert.deepEqual(bodies.ours, bodies.official);
  assert.match(bodies.ours[0], /"big":9007199254740993,"small":-1,/);
  assert.match(sent, /"n":9007199254740993/);
});

test("isojot serve gives back the digits that it was sent, to both", async (t) => {
  const isojot = await startIsojot(t);
  const prefs = { id: 9007199254740993n, low: -9223372036854775808n, list: [9007199254740993n, 1.5, "9007199254740993"], safe: 9007199254740991 };
  for (const [name, { Account, Client }] of Object.entries(SDKS)) {
    const ours = new SDKS.ours.Client().setEndpoint(isojot.endpoint).setProject(project);
    const credentials = { email: `${name}@example.com`, password: "correct horse battery" };
    await ours.account.create({ userId: name, ...credentials });
    const { secret } = await ours.account.createEmailPasswordSession(credentials);
    const account = new Account(new Client().setEndpoint(isojot.endpoint).setProject(project).setSession(secret));
    assert.deepEqual(plain((await account.updatePrefs({ prefs })).prefs), prefs, name);
    assert.deepEqual(plain(await account.getPrefs()), prefs, name);
  }
});
