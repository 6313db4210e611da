// What frameworks have for cookies, and the session cookie that is read from and written to it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { cookiesIn } from "../src/shared/cookieheader.js";
import { openCookies } from "../src/server/cookies.js";
import { newSessionCookie } from "../src/server/sessioncookie.js";

const HEADER = 'a=1; b="two"; b=3; empty=; broken; =nameless; c=x=y';
const refused = (message) => ({ name: "AppwriteException", type: "client_invalid_argument", message });

test("a Cookie header gives all values of a name, in its order", () => {
  const values = ["a", "b", "c", "empty", "broken", "nameless", "A"].map((name) => cookiesIn(HEADER, name));
  assert.deepEqual(values, [["1"], ["two", "3"], ["x=y"], [""], [], [], []]);
  for (const none of [undefined, null, ""]) assert.deepEqual(cookiesIn(none, "a"), []);
});

test("each kind of source is read at once; none of the requests is written to", () => {
  const headers = new Headers({ cookie: HEADER });
  const express = { headers: { cookie: HEADER }, get: (name) => `the header ${name}` };
  const sources = {
    header: HEADER,
    Headers: headers,
    Request: new Request("https://example.com", { headers }),
    "Node's request": express,
    "get of values": { get: (name) => ({ a: "1" })[name] },
    "get of cookies": { get: (name) => (name === "a" ? { name, value: "1" } : undefined) },
    getAll: { getAll: () => [{ name: "b", value: "2" }, { name: "a", value: "1" }, { name: "b", value: "3" }] },
    "getAll of a header": { getAll: () => HEADER },
  };
  for (const [kind, source] of Object.entries(sources)) {
    const cookies = openCookies(source);
    assert.deepEqual([cookies.read("a"), cookies.read("none").filter(Boolean), cookies.writable()], [["1"], [], false], kind);
  }
  assert.deepEqual([openCookies(sources.getAll).read("b"), openCookies(headers).read("b")], [["2", "3"], ["two", "3"]]);
  for (const none of [undefined, null, "", { getAll: () => null }]) assert.deepEqual(openCookies(none).read("a"), []);
});

test("a source and its answers may be promises; a source that has arrived answers at once", async () => {
  const late = openCookies(Promise.resolve({ get: (name) => `${name}1` }));
  assert.deepEqual(await late.read("a"), ["a1"]);
  assert.deepEqual(late.read("a"), ["a1"]);
  assert.deepEqual(await openCookies({ get: async () => ({ value: "1" }) }).read("a"), ["1"]);
  assert.deepEqual(await openCookies({ getAll: async () => [{ name: "a", value: "1" }] }).read("a"), ["1"]);
});

test("what a framework throws or rejects with passes through as it is", async () => {
  const signal = { digest: "DYNAMIC_SERVER_USAGE" };
  const thrower = () => {
    throw signal;
  };
  assert.throws(() => openCookies({ get: thrower }).read("a"), (error) => error === signal);
  await assert.rejects(openCookies(Promise.reject(signal)).read("a"), (error) => error === signal);
});

test("what cannot be cookies is refused by name", async () => {
  assert.throws(() => openCookies(() => {}), refused(/cookies must not be a function.*get\(name\) or getAll/));
  assert.throws(() => openCookies({}), refused(/neither get\(\) nor getAll\(\)/));
  await assert.rejects(openCookies(Promise.resolve(7)).read("a"), refused(/must not be a number/));
  assert.throws(() => openCookies({ get: () => 7 }).read("a"), refused(/cookies\.get\(\) gave a number/));
  assert.throws(() => openCookies({ getAll: () => ({ a: "1" }) }).read("a"), refused(/cookies\.getAll\(\) must give an array/));
});

test("a list is written by setAll, with the headers of its answer, or one by one by set, in order", async () => {
  const list = [{ name: "a", value: "1", options: { path: "/" }, header: "a=1" }, { name: "b", value: "", options: {}, header: "b=" }];
  const written = [];
  await openCookies({ getAll: () => [], setAll: (...args) => void written.push(args) }).write(list, { "cache-control": "no-store" });
  assert.deepEqual(written, [[list, { "cache-control": "no-store" }]]);
  const set = [];
  const store = { get() {}, set: async (...args) => (await null, void set.push(args)) };
  assert.equal(openCookies(store).writable(), true);
  await openCookies(Promise.resolve(store)).write(list, {});
  assert.deepEqual(set, [["a", "1", { path: "/" }], ["b", "", {}]]);
});

const read = (values, project = "demo") => newSessionCookie(project, {}, false).read(openCookies({ get: (name) => values[name] }));

test("the session is the project's cookie, else the legacy one", async () => {
  assert.equal(read({ a_session_demo: "new", a_session_demo_legacy: "old" }), "new");
  assert.equal(read({ a_session_demo: "", a_session_demo_legacy: "old" }), "old");
  assert.equal(read({ a_session_demo: "deleted" }), "");
  assert.equal(read({ a_session_other: "x" }), "");
  assert.equal(read({ a_session_demo: "x" }, "Demo"), "x");
  assert.equal(await newSessionCookie("demo", {}, false).read(openCookies({ get: async (name) => ({ a_session_demo_legacy: "old" })[name] })), "old");
});

test("of two cookies of one name none counts where they differ, as the servers have it", async () => {
  const cases = JSON.parse(await readFile(new URL("../../testdata/cookies.json", import.meta.url), "utf8"));
  assert.ok(cases.length > 20);
  const sessions = { ann: "YW5u+/8=", bob: "Ym9i+/8=" };
  for (const { name, cookie, user } of cases) {
    const header = cookie.replace(/\$\{(\w+)(%?)\}/g, (_, who, encoded) => (encoded ? encodeURIComponent(sessions[who]) : sessions[who]));
    const all = header.split("; ").map((pair) => ({ name: pair.slice(0, pair.indexOf("=")), value: pair.slice(pair.indexOf("=") + 1).replaceAll(/^"|"$/g, "") }));
    for (const source of [header, { getAll: () => header }, { getAll: () => all }])
      assert.equal(await newSessionCookie("demo", {}, false).read(openCookies(source)), sessions[user] ?? "", name);
  }
});

test("a session reads the same, encoded or not; what no header can carry is none", () => {
  assert.equal(read({ a_session_demo: "e30+/w%3D%3d" }), "e30+/w==");
  assert.equal(read({ a_session_demo: "e30%2B%2fw==" }), "e30+/w==");
  for (const value of ["a b", "a\r\nx: y", "é", 'a"b', "a\\b", "x".repeat(8193)]) assert.equal(read({ a_session_demo: value }), "", value.slice(0, 9));
  assert.equal(read({ a_session_demo: "x\n", a_session_demo_legacy: "old" }), "old");
});

test("a session is kept until it expires, HttpOnly, and removed under both names", () => {
  const session = { secret: "e30+/w==", expire: "2027-08-21T12:42:57.123+00:00" };
  const [kept, ...more] = newSessionCookie("demo", {}, true).kept(session);
  assert.deepEqual(more, []);
  const options = { httpOnly: true, path: "/", sameSite: "lax", secure: true, expires: new Date("2027-08-21T12:42:57.123Z") };
  const header = "a_session_demo=e30%2B%2Fw%3D%3D; Expires=Sat, 21 Aug 2027 12:42:57 GMT; Path=/; Secure; HttpOnly; SameSite=Lax";
  assert.deepEqual(kept, { name: "a_session_demo", value: "e30+/w==", options, header });
  const removed = newSessionCookie("demo", { domain: "example.com", path: "/app" }, false).removed();
  assert.deepEqual(removed.map(({ name, value }) => [name, value]), [["a_session_demo", ""], ["a_session_demo_legacy", ""]]);
  assert.equal(removed[1].header, "a_session_demo_legacy=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/app; Domain=example.com; HttpOnly; SameSite=Lax");
});

test("secure is left out where nothing is known, and the options win", () => {
  const options = (given, secure) => newSessionCookie("demo", given, secure).kept({ secret: "s", expire: "never" })[0].options;
  assert.deepEqual(options({}, false), { httpOnly: true, path: "/", sameSite: "lax" });
  assert.deepEqual(options({ secure: false }, true), { httpOnly: true, path: "/", sameSite: "lax", secure: false });
  assert.equal(options({ sameSite: "none", secure: true }, false).sameSite, "none");
});

test("cookie options that browsers would misread are refused", () => {
  const make = (options, secure = false) => () => newSessionCookie("demo", options, secure);
  assert.throws(make({ maxAge: 1 }), refused(/no option "maxAge"/));
  assert.throws(make({ domain: "a.test; Path=/x" }), refused(/cookieOptions\.domain/));
  assert.throws(make({ path: "/\r\n" }), refused(/cookieOptions\.path/));
  assert.throws(make({ path: 7 }), refused(/cookieOptions\.path/));
  for (const domain of ["https://a.test", "a.test:8080", "a.test/app", "a..test"]) assert.throws(make({ domain }), refused(/cookieOptions\.domain must be the name of a host/));
  assert.throws(make({ path: "app" }), refused(/cookieOptions\.path must begin with \//));
  assert.throws(make({ secure: "yes" }), refused(/secure must be true or false/));
  assert.throws(make({ sameSite: "Lax" }), refused(/one of lax, strict, none/));
  assert.throws(make({ sameSite: "none" }), refused(/needs secure: true/));
  assert.doesNotThrow(make({ sameSite: "none" }, true));
});

test("names of headers have no case, whoever wrote them", () => {
  const upper = [["Accept", "*/*"], ["Cookie", HEADER]];
  // As happy-dom's, which has no tag, and names as they were written.
  class Polyfill {
    get = (name) => (name.toLowerCase() === "cookie" ? HEADER : null);
    has = (name) => name.toLowerCase() === "cookie";
    append() {}
    forEach() {}
  }
  const headers = { "an object": Object.fromEntries(upper), "a Map": new Map(upper), "a polyfill": new Polyfill() };
  for (const [kind, value] of Object.entries(headers)) assert.deepEqual(openCookies({ headers: value }).read("a"), ["1"], kind);
  assert.deepEqual(openCookies(new Polyfill()).read("a"), ["1"]);
});

test("the cookies of API gateways, which are lists, are read", () => {
  const list = HEADER.split("; ");
  for (const event of [{ headers: {}, cookies: list }, { headers: { cookie: list } }]) {
    assert.deepEqual([openCookies(event).read("a"), openCookies(event).read("b")], [["1"], ["two", "3"]]);
  }
});

test("what has a get() of something else is refused, rather than read as nobody's", () => {
  const nothing = () => undefined;
  const others = {
    "what a form or an address holds": [new URLSearchParams("a=1"), new FormData()],
    "a framework's context": [{ req: { raw: new Request("https://example.com") }, get: nothing, set: nothing }],
    "a response": [{ get: nothing, set: nothing, setHeader: nothing }],
  };
  for (const [what, sources] of Object.entries(others)) {
    for (const source of sources) assert.throws(() => openCookies(source).read("a"), refused(new RegExp(what)));
  }
  // Koa's cookies know their request, and are none.
  assert.deepEqual(openCookies({ request: {}, response: {}, get: () => "1", set: nothing }).read("a"), ["1"]);
});

test("answers of an unknown shape are refused, rather than read as nobody's", () => {
  for (const value of [["1"], {}, { values: "1" }, false]) {
    assert.throws(() => openCookies({ get: () => value }).read("a"), refused(/cookies\.get\(\) gave an? /));
  }
  for (const all of [["a=1"], [["a", "1"]], [null], new Map([["a", "1"]])]) {
    assert.throws(() => openCookies({ getAll: () => all }).read("a"), refused(/array of \{ name, value \}/));
  }
  assert.throws(() => openCookies({ headers: [["cookie", HEADER]] }).read("a"), refused(/headers that are a list/));
  assert.throws(() => openCookies({ headers: { cookie: 1 } }).read("a"), refused(/must be a string, not a number/));
  assert.deepEqual(openCookies({ get: (name) => ({ name, value: undefined }) }).read("a"), [""]);
});
