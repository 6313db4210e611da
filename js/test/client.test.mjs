import assert from "node:assert/strict";
import { test } from "node:test";

import { Account } from "../src/pages.js";
import { AppwriteException } from "../src/shared/exception.js";
import { Client } from "./support.mjs";

function recorder() {
  const calls = [];
  return { calls, call: async (auth, config, { name: operation }, request) => calls.push({ auth, config, operation, request }) };
}

function refused(message) {
  return (error) => error instanceof AppwriteException && message.test(error.message);
}

test("setters chain and show in config", () => {
  const client = new Client(recorder());
  assert.equal(client.config.endpoint, "https://cloud.appwrite.io/v1");
  const same = client.setEndpoint("http://localhost/v1").setProject("p").setJWT("j").setSession("s").setLocale("en");
  assert.equal(same, client);
  assert.deepEqual({ ...client.config }, {
    endpoint: "http://localhost/v1", endpointRealtime: "ws://localhost/v1", project: "p", jwt: "j", bearer: "", locale: "en", session: "s", cookie: "",
    impersonateuserid: "", impersonateuseremail: "", impersonateuserphone: "",
  });
});

test("a bad endpoint throws and changes nothing", () => {
  const client = new Client(recorder());
  for (const endpoint of ["", undefined, null, 7, {}]) assert.throws(() => client.setEndpoint(endpoint), refused(/Endpoint must be a valid string/));
  for (const endpoint of ["localhost/v1", "ftp://x/v1", "//x"]) assert.throws(() => client.setEndpoint(endpoint), refused(/Invalid endpoint URL: .*http:\/\//));
  assert.equal(client.config.endpoint, "https://cloud.appwrite.io/v1");
});

test("the answer of createJWT instead of its token is refused with the fix", () => {
  assert.throws(() => new Client(recorder()).setJWT({ jwt: "a.b.c" }), refused(/JWT must be a string, not an object: give the jwt property/));
  assert.throws(() => new Client(recorder()).setProject(1), refused(/Project must be a string, not a number/));
  assert.throws(() => new Client(recorder()).setSession([]), refused(/Session must be a string, not an array/));
});

test("nothing takes a credential away again", () => {
  const client = new Client(recorder()).setJWT("j").setSession("s");
  client.setJWT("").setSession(undefined);
  assert.deepEqual([client.config.jwt, client.config.session], ["", ""]);
});

test("a call has the configuration of its moment", () => {
  const runtime = recorder();
  const client = new Client(runtime);
  const account = new Account(client);
  client.setProject("before");
  client.headers.a = "1";
  account.get();
  client.setProject("after").setJWT("j");
  client.headers.a = "2";
  account.get();
  const [first, second] = runtime.calls.map(({ config }) => config);
  assert.deepEqual([first.project, first.jwt, first.headers], ["before", "", { a: "1" }]);
  assert.deepEqual([second.project, second.jwt, second.headers], ["after", "j", { a: "2" }]);
});

test("the configuration cannot be changed behind the setters", () => {
  const client = new Client(recorder());
  assert.throws(() => (client.config.project = "x"), TypeError);
});

test("account is one Account of this client", () => {
  const client = new Client(recorder());
  assert.ok(client.account instanceof Account);
  assert.equal(client.account, client.account);
  assert.equal(client.account.client, client);
});

test("a storage is handed on; one without a method is refused", () => {
  const runtime = recorder();
  const storage = { getItem() {}, setItem() {}, removeItem() {} };
  new Client(runtime, { storage }).account.get();
  new Client(runtime).account.get();
  assert.deepEqual(runtime.calls.map(({ config }) => config.storage), [storage, undefined]);
  assert.throws(() => new Client(runtime, { storage: { getItem() {}, setItem() {} } }), refused(/no removeItem\(\)/));
});

test("a storage that answers later, or no text, is refused", async () => {
  const with_ = (getItem) => ({ getItem, setItem() {}, removeItem() {} });
  const late = [async () => null, async () => Promise.reject(new Error("no")), () => ({ then() {} })];
  for (const name of ["storage", "tokenStorage"]) {
    for (const getItem of late) {
      assert.throws(() => new Client(recorder(), { [name]: with_(getItem) }), refused(new RegExp(`${name}\\.getItem\\(\\) gave a promise: .* at once`)));
    }
    assert.throws(() => new Client(recorder(), { [name]: with_(() => ({})) }), refused(/getItem\(\) gave an object, not a string/));
    const full = () => {
      throw new Error("SecurityError");
    };
    for (const getItem of [full, () => "text", () => null]) new Client(recorder(), { [name]: with_(getItem) });
  }
  await new Promise(setImmediate); // in which an unhandled rejection would fail the test
});

test("null and none are no storage", () => {
  const runtime = recorder();
  new Client(runtime, { storage: null, tokenStorage: "none", token: null }).account.get();
  const [{ config }] = runtime.calls;
  assert.deepEqual([config.storage, config.tokenStorage, config.tokenDuration, config.tokenRefreshEarly], [null, null, 0, -1]);
});

test("a wrong option is named, with its bounds", () => {
  const cases = [
    [{ tokenStore: "none" }, /new Client\(\) has no option "tokenStore": it takes storage, tokenStorage, token/],
    [null, /new Client\(\) takes an object/],
    [{ tokenStorage: "memory" }, /tokenStorage has no getItem\(\).*or "none"/],
    [{ tokenStorage: { getItem() {} } }, /tokenStorage has no setItem\(\)/],
    [{ token: 60 }, /token }\) takes an object/],
    [{ token: { early: 1 } }, /has no option "early": it takes duration, refreshEarly/],
    ...[0, 3601, 1.5, "60", NaN].map((duration) => [{ token: { duration } }, /token\.duration must be a whole number of seconds from 1 to 3600/]),
    ...[-1, 3601, 0.5, "1"].map((refreshEarly) => [{ token: { refreshEarly } }, /token\.refreshEarly must be a whole number of seconds from 0 to 3600/]),
  ];
  for (const [options, message] of cases) {
    assert.throws(() => new Client(recorder(), options), (error) => refused(message)(error) && error.type === "client_invalid_argument");
  }
});

test("a dev key is a header, and nothing takes it away again", () => {
  const runtime = recorder();
  const client = new Client(runtime);
  client.headers.a = "1";
  assert.equal(client.setDevKey("k"), client);
  client.account.get();
  client.setDevKey("").account.get();
  assert.deepEqual(runtime.calls.map(({ config }) => config.headers), [{ a: "1", "X-Appwrite-Dev-Key": "k" }, { a: "1" }]);
  assert.throws(() => client.setDevKey({ secret: "k" }), refused(/DevKey must be a string, not an object/));
});

test("getHeaders is a copy with what is set, and nothing that is not", () => {
  const client = new Client(recorder());
  client.headers.a = "1";
  assert.deepEqual(client.getHeaders(), { a: "1" });
  client.setJWT("j").setSession("s").setLocale("en");
  assert.deepEqual(client.getHeaders(), { a: "1", "X-Appwrite-JWT": "j", "X-Appwrite-Session": "s", "X-Appwrite-Locale": "en" });
  client.getHeaders().a = "2";
  assert.equal(client.headers.a, "1");
});

test("ping is an operation like others, and takes a signal", async () => {
  const runtime = recorder();
  await new Client(runtime).ping();
  assert.deepEqual([runtime.calls[0].operation, runtime.calls[0].request.query], ["ping", ""]);
  await assert.rejects(new Client(runtime).ping({ signal: AbortSignal.abort() }), { name: "AbortError" });
});
