// What is printed, encoded or listed of what this package hands out shows no
// credential.
import assert from "node:assert/strict";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { test } from "node:test";
import { inspect } from "node:util";

import { functionClients } from "../src/server/functionclient.js";
import { serverClients } from "../src/server/serverclient.js";
import { definePackage, fakePlatform } from "./support.mjs";

const PLANTED = "PlantedCredential";
const JWT = `eyJh.${PLANTED}.sig`;
const PASSWORD_URL = `https://ann:${PLANTED}@api.test/v1`;

// The members of a configuration that may be absent.
const NOTHING = {
  jwt: "", bearer: "", locale: "", session: "", cookie: "", impersonateuserid: "", impersonateuseremail: "", impersonateuserphone: "",
};

/** All texts in which a value shows to who asks it how to print it. */
function shown(value) {
  const texts = [String(value), `${value}`, JSON.stringify(value), JSON.stringify([value], null, 2), logged(value)];
  return [...texts, inspect(value), inspect(value, { depth: Infinity, showHidden: true })];
}

/** What a console writes: by %o and dir() it asks nobody, and table() reads each member. */
function logged(value, alsoUnasked = false) {
  let text = "";
  const stdout = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  const console = new Console(stdout);
  console.log(value, "%s", value);
  console.log("%s %O %j", value, value, value);
  if (!alsoUnasked) return text;
  console.log("%o", value);
  console.dir(value, { depth: Infinity, showHidden: true });
  console.table([value]);
  return text;
}

function assertPrintsNone(name, value, alsoUnasked = true) {
  for (const holder of [value, { value }, [value], new Map([[1, value]])]) {
    const unasked = alsoUnasked ? [logged(holder, true)] : [];
    for (const text of [...shown(holder), ...unasked]) assert.ok(!text?.includes(PLANTED), `${name} shows it: ${text}`);
  }
}

function setUp(options) {
  const platform = fakePlatform({ functionClients, serverClients, ...options });
  return definePackage(platform);
}

function credentialed({ Client }) {
  const client = new Client({ storage: { getItem: () => PLANTED, setItem() {}, removeItem() {}, planted: PLANTED } });
  return client.setEndpoint("https://api.test/v1").setProject("shop").setJWT(JWT).setSession(PLANTED).setDevKey(PLANTED);
}

test("a client prints no credential, and nor do its services", async () => {
  const isojot = setUp({ token: async () => ({ jwt: JWT, userId: "u", sessionId: "s", expiresAt: 1 }) });
  const client = credentialed(isojot);
  await client.account.get();
  await client.account.getToken();
  const { Account, Functions, Graphql } = isojot;
  const all = { client, account: new Account(client), functions: new Functions(client), graphql: new Graphql(client) };
  for (const [name, value] of Object.entries(all)) {
    assertPrintsNone(name, value);
    assertPrintsNone(`the members of ${name}`, { ...value });
    assertPrintsNone(`the values of ${name}`, Object.values(value));
  }
  assertPrintsNone("config", client.config, false);
  assertPrintsNone("headers", client.headers, false);
  assert.ok(!inspect(all, { depth: Infinity, showHidden: true, getters: true }).includes(PLANTED));
  assert.match(inspect(client), /^Client \{.*api\.test.*jwt: '\*\*\*'.*session: '\*\*\*'.*devkey: '\*\*\*'/s);
  assert.deepEqual(JSON.parse(JSON.stringify(client)), {
    ...NOTHING, endpoint: "https://api.test/v1", endpointRealtime: "wss://api.test/v1", project: "shop", jwt: "***", session: "***", devkey: "***", headers: {},
  });
});

test("a client's endpoint prints no password", () => {
  const { Client } = setUp();
  const client = new Client().setEndpoint(PASSWORD_URL);
  assertPrintsNone("client", client);
  assertPrintsNone("account", client.account);
  assert.equal(client.config.endpoint, PASSWORD_URL);
  for (const endpoint of [PASSWORD_URL.slice("https://".length), PASSWORD_URL.replace("https", "ftp"), `localhost?key=${PLANTED}`]) {
    assert.throws(() => new Client().setEndpoint(endpoint), (error) => error.message.includes("***") && !shown(error).join().includes(PLANTED));
  }
});

test("what is printed of a client without credentials says that it has none", () => {
  const { Client } = setUp();
  const { jwt, session } = JSON.parse(JSON.stringify(new Client()));
  assert.deepEqual([jwt, session], ["", ""]);
});

test("configuration and headers are read, copied and replaced as the official package's", () => {
  const { Client } = setUp();
  const client = credentialed({ Client });
  assert.deepEqual([client.config.jwt, client.config.session, client.config.project], [JWT, PLANTED, "shop"]);
  assert.deepEqual({ ...client.config }, {
    ...NOTHING, endpoint: "https://api.test/v1", endpointRealtime: "wss://api.test/v1", project: "shop", jwt: JWT, session: PLANTED, devkey: PLANTED,
  });
  assert.equal(client.config, client.config);
  assert.throws(() => (client.config.jwt = "x"), TypeError);
  assert.deepEqual({ ...client.headers }, {});
  assert.equal(client.getHeaders()["X-Appwrite-Dev-Key"], PLANTED);
  client.headers["X-Own"] = "1";
  assert.equal(client.getHeaders()["X-Own"], "1");
  client.headers = { Authorization: PLANTED };
  assert.equal(client.getHeaders().Authorization, PLANTED);
  assertPrintsNone("other headers", client);
});

test("the clients of requests and functions print no credential", async () => {
  const { createServerClient, clientFromFunction } = setUp();
  const [endpoint, project] = ["https://api.test/v1", "shop"];
  const options = { endpoint, project, headers: { authorization: PLANTED, "user-agent": "ours" } };
  const client = createServerClient({ ...options, cookies: `a_session_shop=${PLANTED}` });
  await client.account.get();
  assertPrintsNone("server client", client);
  assertPrintsNone("the members of a server client", { ...client });
  assertPrintsNone("its account", client.account);
  assertPrintsNone("its headers", client.headers, false);
  assert.match(inspect(client), /^ServerClient \{.*'user-agent': 'ours'/s);
  assertPrintsNone("with a JWT", createServerClient({ ...options, cookies: "", jwt: JWT }));
  assertPrintsNone("of a function", clientFromFunction({ headers: { "x-appwrite-trigger": "http", "x-appwrite-user-jwt": JWT } }, { endpoint, project }));
});

test("an error does not print what was answered", async () => {
  const fault = () => Object.assign(new Error("no"), { code: 200, type: "client_bad_response", response: `{"secret":"${PLANTED}"}` });
  const { Client, AppwriteException } = setUp({ answer: () => Promise.reject(fault()) });
  const error = await new Client().account.get().catch((error) => error);
  assert.equal(error.response, `{"secret":"${PLANTED}"}`);
  assert.equal(error.cause.response, error.response);
  assertPrintsNone("error", error);
  assertPrintsNone("the members of an error", { ...error });
  assertPrintsNone("an error that wraps it", new Error("outer", { cause: error }));
  assertPrintsNone("a list of errors", new AggregateError([error], "several"));
  const own = new AppwriteException("m", 500, "t", PLANTED);
  assertPrintsNone("an error that a program makes", own);
  own.response = PLANTED + 1;
  assert.equal(own.response, PLANTED + 1);
});

test("headers may be given as Headers or a Map", () => {
  const { Client } = definePackage(fakePlatform());
  for (const headers of [new Headers({ "x-a": "1" }), new Map([["x-a", "1"]]), { "x-a": "1" }]) {
    const client = new Client();
    client.headers = headers;
    assert.deepEqual({ ...client.headers }, { "x-a": "1" });
  }
});
