// What the client has for services that are not of this package.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { after, before, test } from "node:test";
import { generate } from "selfsigned";
import { json, redirect, refused, startRecorder, text } from "./support/recorder.mjs";

const root = new URL("../../", import.meta.url);
const JWT = ["eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9", btoa('{"userId":"u","sessionId":"s","exp":9999999999}').replaceAll("=", ""), "c2ln"].join(".");
const JSON_BODY = { "content-type": "application/json" };
const ends = [];
let page, server, recorder;

before(async () => {
  recorder = await startRecorder({ after: (end) => ends.push(end) });
  [page, server] = await Promise.all(["isojot.mjs", "isojot.node.mjs"].map((file) => import(new URL(`js/dist/${file}`, root))));
  const wasmModule = await WebAssembly.compile(await readFile(new URL("js/dist/isojot.wasm", root)));
  await Promise.all([page, server].map(({ init }) => init({ wasmModule })));
});
after(async () => {
  ends.forEach((end) => end());
  await Promise.all([page, server].map(({ dispose }) => dispose()));
});

const newClient = ({ Client }) => new Client().setEndpoint(recorder.endpoint).setProject("demo");
const at = (path) => new URL(recorder.endpoint + path);

async function sent(call) {
  recorder.usual = json({ $id: "x" });
  await call;
  const [{ method, url, headers, body }] = recorder.take();
  return { method, url, headers, body: body.toString() };
}

test("a call goes out as an operation of its path does", async () => {
  const client = newClient(page).setSession("the-session");
  const got = await sent(client.call("get", at("/things/a%2Fb?x=1"), { "X-Own": "1", "X-Appwrite-Project": "demo" }, { list: ["a b", ["c"]], none: null }));
  assert.deepEqual([got.method, got.url], ["GET", "/v1/things/a%2Fb?x=1&list%5B0%5D=a+b&list%5B1%5D%5B0%5D=c&none=null"]);
  const { "x-own": own, "x-appwrite-session": session, "x-appwrite-project": project } = got.headers;
  assert.deepEqual([own, session, project], ["1", "the-session", "demo"]);
  const posted = await sent(client.call("post", String(at("/things")), JSON_BODY, { big: 9007199254740993n }));
  assert.deepEqual([posted.method, posted.headers["content-type"], posted.body], ["POST", "application/json", '{"big":9007199254740993}']);
  const bare = await sent(client.call("delete", at("/things/1")));
  assert.deepEqual([bare.headers["content-type"], bare.body], [undefined, ""]);
});

test("nothing goes to another place, where the credentials would go along", async () => {
  const client = newClient(page).setSession("the-session");
  const port = new URL(recorder.endpoint).port;
  for (const url of ["https://attacker.test/v1/account", `http://localhost:${port}/v2/x`, `http://localhost:${port}/v1`, `http://localhost:${port}/v1x/y`, `${recorder.endpoint}/../x`, `http://127.0.0.1:${port}/v1/account`]) {
    await assert.rejects(client.call("get", url), (error) => error.type === "client_invalid_argument" && /not below the client's endpoint/.test(error.message), url);
    assert.throws(() => client.prepareRequest("get", new URL(url)), { type: "client_invalid_argument" });
  }
  await assert.rejects(client.call("get", at("/x"), { "X-Appwrite-Session": "another" }), { type: "client_invalid_argument", message: /x-appwrite-session/ });
  await assert.rejects(client.call("get", at("/x"), { "X-Appwrite-Project": "another" }), { type: "client_invalid_argument" });
  assert.deepEqual(recorder.take(), []);
});

test("a call by its path takes the lane of its operation, and changes the session as that does", async () => {
  const client = newClient(page).setSession("the-session").setJWT(JWT);
  assert.equal((await sent(client.call("post", at("/account/jwts"), JSON_BODY))).headers["x-appwrite-session"], "the-session");
  assert.equal((await sent(client.call("get", at("/account")))).headers["x-appwrite-jwt"], JWT);
  assert.equal((await sent(client.call("get", at("/account/sessions/current")))).headers["x-appwrite-session"], "the-session");
  const query = await sent(client.call("post", at("/graphql"), { ...JSON_BODY, "x-sdk-graphql": "true" }, { query: { query: "{ accountGet { _id } }" } }));
  assert.equal(query.headers["x-sdk-graphql"], "true");

  const fresh = newClient(page).setSession("the-session");
  recorder.usual = (request) => (request.url.endsWith("/jwts") ? json({ jwt: JWT }, 201) : json({ $id: "s", userId: "u", secret: "" }, 201));
  await fresh.account.getToken();
  assert.equal(fresh.account.peekToken().jwt, JWT);
  await fresh.call("delete", at("/account/sessions/current"), JSON_BODY);
  assert.equal(fresh.account.peekToken(), null, "the token outlived its session");
  recorder.take();
});

test("a path is that of its operation however it is written, and an escape that is none is refused", async () => {
  const client = newClient(page).setEndpoint(`${recorder.endpoint}/`).setSession("the-session");
  const below = (path) => new URL(client.config.endpoint + path);
  assert.equal((await sent(client.call("post", below("/things//1/"), JSON_BODY))).url, "/v1/things/1/");
  for (const path of ["/account/jwts", "//account//jwts/", "/account/%6awts"]) {
    const { url, headers } = await sent(client.setJWT(JWT).call("post", below(path), JSON_BODY));
    assert.deepEqual([url, headers["x-appwrite-session"]], ["/v1/account/jwts", "the-session"], path);
  }
  for (const path of ["/things/%zz", "/account/sessions/%"]) {
    await assert.rejects(client.call("get", below(path)), { type: "client_invalid_argument", message: /write %25/ });
    assert.throws(() => client.prepareRequest("get", below(path)), { type: "client_invalid_argument" });
  }
  assert.deepEqual(recorder.take(), []);
});

test("a header of a call may be a number or true, and is left out where there is none", async () => {
  const { headers } = await sent(newClient(page).call("get", at("/x"), { "X-Number": 5, "X-True": true, "X-None": undefined, "X-Null": null }));
  assert.deepEqual(["x-number", "x-true", "x-none", "x-null"].map((name) => headers[name]), ["5", "true", undefined, undefined]);
});

test("a client's own header for the type of a body says nothing, and the shapes asked for are its", async () => {
  const client = newClient(page).setSession("s");
  Object.assign(client.headers, { "Content-Type": "text/plain", "X-Appwrite-Response-Format": "1.8.0" });
  const { headers } = await sent(client.account.create({ userId: "u", email: "a@example.com", password: "password" }));
  assert.deepEqual([headers["content-type"], headers["x-appwrite-response-format"]], ["application/json", "1.8.0"]);
  assert.equal((await sent(client.call("post", at("/x"), JSON_BODY, {}))).headers["content-type"], "application/json");
  assert.equal((await sent(client.call("delete", at("/x")))).headers["content-type"], undefined);
});

test("HEAD has its parameters in the query, and no body", async () => {
  const { method, url, headers, body } = await sent(newClient(page).call("head", at("/x"), JSON_BODY, { a: ["b"] }));
  assert.deepEqual([method, url, headers["content-length"], body], ["HEAD", "/v1/x?a%5B0%5D=b", undefined, ""]);
  const { options } = newClient(page).prepareRequest("head", at("/x"), JSON_BODY, { a: 1 });
  assert.equal(options.body, undefined);
});

test("GraphQL that may sign in or out makes the token forgotten, however it is sent", async () => {
  const out = "mutation { accountDeleteSessions { status } }";
  const read = "{ accountGet { _id } }";
  const FORM = { "content-type": "multipart/form-data" };
  const graphql = (query) => ["post", at("/graphql"), JSON_BODY, { query }];
  const file = (text) => new File([text], "operations.json");
  for (const [kept, ...call] of [
    [true, ...graphql(read)],
    [false, ...graphql(out)],
    [false, "post", at("/graphql/"), JSON_BODY, { query: out }],
    [false, "post", at("/graphql/mutation"), JSON_BODY, { query: out }],
    [true, "get", at("/graphql"), {}, { query: read }],
    [false, "get", at("/graphql"), {}, { query: out }],
    [false, "get", at(`/graphql?query=${encodeURIComponent(out).replace("accountDelete", "%61ccountDelete")}`)],
    [false, "post", at(`/graphql?query=${encodeURIComponent(out)}`), JSON_BODY, {}],
    [true, "post", at("/graphql"), FORM, { operations: JSON.stringify({ query: read }) }],
    [false, "post", at("/graphql"), FORM, { operations: JSON.stringify({ query: out }) }],
    [false, "post", at("/graphql"), FORM, { operations: file(out) }],
    [false, "patch", at("/teams/t/memberships/m/status"), JSON_BODY, { userId: "u", secret: "s" }],
    [true, "patch", at("/teams/t/memberships/m"), JSON_BODY, { roles: [] }],
  ]) {
    recorder.usual = (request) => (request.url.endsWith("/jwts") ? json({ jwt: JWT }, 201) : json({ data: {} }));
    const client = newClient(page).setSession("the-session");
    await client.account.getToken();
    await client.call(...call);
    assert.equal(client.account.peekToken() !== null, kept, `${call[0]} ${call[1]} ${JSON.stringify(call[3])}`);
    recorder.take();
    await client.account.getToken();
    assert.equal(recorder.take().length, kept ? 0 : 1, `Go: ${call[0]} ${call[1]} ${JSON.stringify(call[3])}`);
  }
});

test("errors are those of any call", async () => {
  recorder.usual = refused(404, "document_not_found", "No such document");
  await assert.rejects(newClient(page).call("get", at("/x")), (error) => {
    assert.deepEqual([error instanceof page.AppwriteException, error.code, error.type, error.message], [true, 404, "document_not_found", "No such document"]);
    return true;
  });
  recorder.usual = text("plain");
  assert.deepEqual(await newClient(page).call("get", at("/x")), { message: "plain" });
  recorder.usual = text("bytes");
  assert.equal(Buffer.from(await newClient(page).call("get", at("/x"), {}, {}, "arrayBuffer")).toString(), "bytes");
  recorder.take();
});

test("prepareRequest says what a call would send, by one credential", () => {
  const client = newClient(page).setSession("the-session").setJWT(JWT).setLocale("de");
  const { uri, options } = client.prepareRequest("post", at("/things"), { "X-Appwrite-Project": "demo", ...JSON_BODY }, { a: 1 });
  assert.equal(uri, `${recorder.endpoint}/things`);
  assert.deepEqual(options, {
    method: "POST",
    headers: { "x-appwrite-response-format": "2.3.0", "x-appwrite-locale": "de", "x-appwrite-jwt": JWT, "x-appwrite-project": "demo", ...JSON_BODY },
    credentials: "omit",
    body: '{"a":1}',
  });
  const { headers } = client.prepareRequest("delete", at("/account/sessions/current")).options;
  assert.deepEqual([headers["x-appwrite-jwt"], headers["x-appwrite-session"], headers["x-appwrite-project"]], [undefined, "the-session", "demo"]);
  assert.equal(newClient(page).prepareRequest("get", at("/x"), {}, { q: ["a"] }).uri, `${recorder.endpoint}/x?q%5B0%5D=a`);
  assert.equal(newClient(page).prepareRequest("get", at("/x")).options.credentials, "include");
  for (const name of ["content-type", "Content-Type"]) {
    const form = client.prepareRequest("post", at("//files"), { [name]: "multipart/form-data", "X-Number": 5, "X-None": undefined }, { fileId: "f", permissions: ["a"] });
    assert.deepEqual([[...form.options.body], form.uri], [[["fileId", "f"], ["permissions[]", "a"]], `${recorder.endpoint}/files`]);
    const { "x-number": number, ...more } = form.options.headers;
    assert.equal(number, "5");
    assert.deepEqual(Object.keys(more).filter((key) => /content-type|x-none|[A-Z]/i.test(key) && !key.startsWith("x-appwrite")), []);
  }
});

test("the session of a Cookie header is used, and no other cookie goes along", async () => {
  const client = newClient(server).setCookie("theme=dark; a_session_demo=abc%3D; a_session_other=no");
  const { headers } = await sent(client.account.get());
  assert.deepEqual([headers["x-appwrite-session"], headers.cookie], ["abc=", undefined]);
  assert.equal((await sent(client.setSession("given").account.get())).headers["x-appwrite-session"], "given");
  await assert.rejects(newClient(server).setCookie("theme=dark").account.get(), { type: "general_unauthorized_scope" });
});

test("a bearer token stands for a credential, and whom to impersonate goes along", async () => {
  const client = newClient(server).setBearer("the-token").setImpersonateUserId("u").setImpersonateUserEmail("e@example.com").setImpersonateUserPhone("+1");
  const { headers } = await sent(client.account.get());
  assert.equal(headers.authorization, "Bearer the-token");
  assert.deepEqual(["id", "email", "phone"].map((name) => headers[`x-appwrite-impersonate-user-${name}`]), ["u", "e@example.com", "+1"]);
  assert.equal((await sent(newClient(page).setBearer("t").setBearer("").setJWT(JWT).account.get())).headers.authorization, undefined);
  const { config } = client;
  assert.deepEqual([config.bearer, config.impersonateuserid], ["the-token", "u"]);
  assert.ok(!JSON.stringify(client).includes("the-token"));
  const { searchParams } = new URL(new page.Avatars(newClient(page).setImpersonateUserId("u")).getInitials("A B"));
  assert.deepEqual([...searchParams], [["name", "A B"], ["project", "demo"], ["impersonateuserid", "u"]]);
});

test("a server's client has a key, headers and redirects", async () => {
  const client = newClient(server).setKey("the-key").addHeader("X-Own", "1").setForwardedUserAgent("a browser").setDevKey("dev");
  const { headers } = await sent(new server.Users(client).list());
  const { "x-appwrite-key": key, "x-own": own, "x-forwarded-user-agent": agent, "x-appwrite-dev-key": dev, "x-appwrite-response-format": format } = headers;
  assert.deepEqual([key, own, agent, dev, format], ["the-key", "1", "a browser", "dev", "1.9.5"]);
  assert.equal((await sent(new server.Users(client.setJWT(JWT)).list())).headers["x-appwrite-jwt"], undefined, "a key is for users");
  assert.equal((await sent(client.account.get())).headers["x-appwrite-key"], undefined, "a JWT is for whoever it is of");
  recorder.plan(redirect("https://example.com/there"));
  assert.equal(await client.redirect("get", at("/account/tokens/oauth2/github"), {}, { success: "s" }), "https://example.com/there");
  assert.equal(recorder.take()[0].url, "/v1/account/tokens/oauth2/github?success=s");
});

test("what realtime needs says that it is not there", () => {
  const client = newClient(page).setEndpointRealtime("wss://example.com/v1");
  assert.equal(client.config.endpointRealtime, "wss://example.com/v1");
  assert.throws(() => client.subscribe("files", () => {}), { type: "client_unsupported", message: /not in isojot yet/ });
  assert.throws(() => new page.Realtime(client), { type: "client_unsupported", message: /not in isojot yet/ });
  assert.throws(() => client.setEndpointRealtime("https://example.com"), /ws:\/\//);
  assert.deepEqual(page.Client.flatten({ a: [1, [2]] }), { "a[0]": 1, "a[1][0]": 2 });
  assert.equal(page.Client.CHUNK_SIZE, 5 * 1024 * 1024);
});

test("a server that nobody vouches for is called where that was asked for, by that client alone", async (t) => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], { keySize: 2048 });
  const seen = [];
  const secure = createServer({ key, cert }, async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, headers: request.headers, body });
    if (request.url.endsWith("/204")) return response.writeHead(204).end();
    response.writeHead(201, { "content-type": "application/json", "set-cookie": ["a=1", "a_session_demo=abc; httponly"] }).end('{"$id":"x","secret":""}');
  });
  await new Promise((resolve) => secure.listen(0, "127.0.0.1", resolve));
  t.after(() => secure.close());
  const endpoint = `https://localhost:${secure.address().port}/v1`;
  const client = new server.Client().setEndpoint(endpoint).setProject("demo").setKey("k");
  await assert.rejects(new server.Users(client).list(), { type: "client_network" });
  client.setSelfSigned(true);
  assert.equal((await client.account.createAnonymousSession()).secret, "abc");
  // Nor can whoever asks a server that passes headers on have it trust anybody.
  for (const name of ["x-isojot-self-signed", "x-isojot-trusting", "x-isojot-"]) {
    const passing = server.createServerClient({ endpoint, project: "demo", cookies: "a_session_demo=s", headers: { [name]: "1" } });
    await assert.rejects(passing.account.get(), { type: "client_network" });
  }
  await new server.Storage(client).createFile("b", "f", new File(["bytes"], "a.txt"));
  await client.call("delete", `${endpoint}/204`);
  assert.equal(client.config.selfSigned, true);
  const [signIn, upload, gone] = seen;
  assert.deepEqual([signIn.method, signIn.headers["x-appwrite-key"], signIn.body], ["POST", "k", "{}"]);
  assert.match(upload.headers["content-type"], /^multipart\/form-data; boundary=/);
  assert.match(upload.body, /filename="a.txt"[\s\S]*bytes/);
  assert.equal(gone.method, "DELETE");
  for (const { headers } of seen) assert.ok(!Object.keys(headers).some((name) => name.startsWith("x-isojot")));
  await assert.rejects(new server.Users(client.setSelfSigned(false)).list(), { type: "client_network" });
  await assert.rejects(client.setSelfSigned(true).account.get({ signal: AbortSignal.abort() }), { name: "AbortError" });
});
