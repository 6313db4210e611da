// The built files with the real Go program, against an API that echoes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { compileFunction, createContext, runInContext } from "node:vm";

import { dist, echo, runNode, serve } from "./support.mjs";

const ESM = pathToFileURL(dist("isojot.node.mjs")).href;
const { Client, ID, AppwriteException, decodeJWT, init, dispose } = await import(ESM);
const TOKEN = ["eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9", btoa('{"userId":"u","sessionId":"s","exp":1700000000}').replaceAll("=", ""), "c2ln"].join(".");

const clientFor = async (t, handler = echo) => new Client().setEndpoint(`${await serve(t, handler)}/v1`).setProject("demo");

// Runs code in a process of its own, with the API's address in `endpoint`.
async function inProcess(t, code, handler = echo) {
  const endpoint = `${await serve(t, handler)}/v1`;
  const result = await runNode(`const endpoint = ${JSON.stringify(endpoint)}; const url = ${JSON.stringify(ESM)};\n${code}`);
  assert.deepEqual([result.exitCode, result.signal, result.stderr], [0, null, ""], result.stdout);
  return result.stdout.trim();
}

test("calls go out with the headers and the body of the API", async (t) => {
  const client = (await clientFor(t)).setLocale("en");
  client.headers["x-request-id"] = "7";
  const sent = await client.account.create({ userId: ID.unique(), email: "ä@example.com", password: "password" });
  assert.deepEqual([sent.method, sent.url], ["POST", "/v1/account"]);
  const { "x-appwrite-project": project, "x-appwrite-locale": locale, "x-request-id": id } = sent.headers;
  assert.deepEqual([project, locale, id], ["demo", "en", "7"]);
  assert.equal(JSON.parse(sent.body).email, "ä@example.com");
});

test("each call goes out as who the client was when it was made", async (t) => {
  const client = await clientFor(t);
  const asSession = client.setSession("secret").account.get();
  const asJWT = client.setJWT(TOKEN).account.get();
  const again = client.setJWT("").account.get();
  const lanes = (await Promise.all([asSession, asJWT, again])).map(({ headers: h }) => [h["x-appwrite-session"], h["x-appwrite-jwt"]]);
  assert.deepEqual(lanes, [["secret", undefined], [undefined, TOKEN], ["secret", undefined]]);
});

test("path parameters are escaped, and an empty one is refused before the network", async (t) => {
  const { account } = (await clientFor(t)).setSession("secret");
  assert.equal((await account.getSession("a/b?c")).url, "/v1/account/sessions/a%2Fb%3Fc");
  assert.throws(() => account.deleteSession(""), (error) => error instanceof AppwriteException && /sessionId/.test(error.message));
  await assert.rejects(account.deleteSession(".."), (error) => error instanceof AppwriteException && /sessionId/.test(error.message));
});

test("functions are executed, and lists asked for with their queries in the URL", async (t) => {
  const { functions } = (await clientFor(t)).setSession("secret");
  const made = await functions.createExecution({ functionId: "f", body: "hi", async: true, headers: { a: "b" } });
  assert.deepEqual([made.method, made.url, JSON.parse(made.body)], ["POST", "/v1/functions/f/executions", { body: "hi", async: true, headers: { a: "b" } }]);
  const listed = await functions.listExecutions("f", ['{"method":"limit","values":[5]}', "b&c"], false);
  assert.deepEqual([listed.method, listed.body], ["GET", ""]);
  const query = new URL(listed.url, "http://localhost").searchParams;
  assert.deepEqual([...query], [["queries[0]", '{"method":"limit","values":[5]}'], ["queries[1]", "b&c"], ["total", "false"]]);
  assert.equal((await functions.getExecution("f", "e")).url, "/v1/functions/f/executions/e");
  assert.equal((await functions.listExecutions("f")).url, "/v1/functions/f/executions");
});

test("a session is returned with its secret, and remembered by no client that was not told to", async (t) => {
  const signIn = (request, response) => {
    response.setHeader("set-cookie", "a_session_demo=abc%3D; path=/; HttpOnly");
    response.setHeader("content-type", "application/json");
    response.end('{"$id":"s","secret":""}');
  };
  const client = await clientFor(t, signIn);
  const session = await client.account.createEmailPasswordSession("a@example.com", "password");
  assert.equal(session.secret, "abc=");
  await assert.rejects(client.account.get(), { code: 401, type: "general_unauthorized_scope" });
  await assert.rejects(new Client().setEndpoint(client.config.endpoint).setProject("demo").account.get(), { code: 401 });
});

test("an error answer is an AppwriteException with the body as received", async (t) => {
  const body = '{"message":"Too many","code":429,"type":"general_rate_limit_exceeded","version":"1"}';
  const client = await clientFor(t, (request, response) => response.writeHead(429, { "content-type": "application/json" }).end(body));
  await assert.rejects(client.setJWT(TOKEN).account.get(), (error) => {
    const { name, message, code, type, response } = error;
    assert.deepEqual([name, message, code, type, response], ["AppwriteException", "Too many", 429, "general_rate_limit_exceeded", body]);
    return error instanceof AppwriteException;
  });
});

test("HTML instead of the API, no project and no server are explained", async (t) => {
  const client = await clientFor(t, (request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>"));
  await assert.rejects(client.setJWT(TOKEN).account.get(), /endpoint/);
  await assert.rejects(client.setProject("").account.get(), /project/i);
  await assert.rejects(new Client().setEndpoint("http://127.0.0.1:1/v1").setProject("p").setJWT(TOKEN).account.get(), (error) => {
    assert.deepEqual([error instanceof AppwriteException, error.code, error.type], [true, 0, "client_network"]);
    return true;
  });
});

test("WebAssembly of another version is refused", async () => {
  const path = dist("isojot.cjs");
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  const newer = (await readFile(path, "utf8")).replaceAll(`"${version}"`, '"9.9.9"');
  const module = { exports: {} };
  compileFunction(newer, ["module", "require", "__filename"])(module, createRequire(path), path);
  await assert.rejects(module.exports.preload(), ({ type, message }) => {
    assert.deepEqual([type, message.includes(version), message.includes("9.9.9")], ["client_version_mismatch", true, true]);
    return true;
  });
});

test("decodeJWT reads claims and explains what is no token", async () => {
  assert.deepEqual(await decodeJWT(TOKEN), { userId: "u", sessionId: "s", exp: 1700000000 });
  await assert.rejects(decodeJWT("abc"), { type: "client_token_malformed" });
});

test("dispose in the middle of a call leaves nothing behind; the next call works", async (t) => {
  let asked;
  const arrived = new Promise((resolve) => (asked = resolve));
  const client = (await clientFor(t, (request, response) => (asked(response), undefined))).setJWT(TOKEN);
  const call = assert.rejects(client.account.get(), { type: "client_disposed" });
  const response = await arrived;
  await Promise.all([dispose(), call]);
  response.end("{}");
  assert.equal((await (await clientFor(t)).setJWT(TOKEN).account.get()).method, "GET");
});

test("init takes a module, a path or a URL, and a fetch of one's own", async (t) => {
  const bytes = await readFile(dist("isojot.wasm"));
  const base = await serve(t, (request, response) => response.writeHead(200, { "content-type": "application/wasm" }).end(bytes));
  const calls = [];
  const fetch = async (url) => (calls.push(url), new Response("{}", { headers: { "content-type": "application/json" } }));
  for (const source of [{ wasmModule: await WebAssembly.compile(bytes) }, { wasmURL: dist("isojot.wasm") }, { wasmURL: `${base}/x.wasm` }]) {
    await dispose();
    await init({ ...source, scope: { fetch } });
    assert.deepEqual(await new Client().setEndpoint("http://api.test/v1").setProject("p").setJWT(TOKEN).account.get(), {});
  }
  await dispose();
  await init({});
  assert.deepEqual(calls, Array(3).fill("http://api.test/v1/account"));
});

test("the process ends by itself, with the program loaded and a connection kept alive", async (t) => {
  const code = `const { Client } = await import(url);
    const { method } = await new Client().setEndpoint(endpoint).setProject("p").setJWT(${JSON.stringify(TOKEN)}).account.get();
    console.log(method);`;
  assert.equal(await inProcess(t, code), "GET");
});

test("the process ends by itself, with a token that lives on and a listener", async (t) => {
  const claims = btoa(JSON.stringify({ userId: "u", sessionId: "s", exp: Math.floor(Date.now() / 1000) + 900 })).replaceAll("=", "");
  const answer = JSON.stringify({ jwt: TOKEN.replace(/\.[^.]+\./, `.${claims}.`) });
  const make = (request, response) => response.writeHead(201, { "content-type": "application/json" }).end(answer);
  const code = `const { Client } = await import(url);
    const client = new Client().setEndpoint(endpoint).setProject("p").setSession("secret");
    client.onAuthChange(({ type }) => console.log(type));
    const { userId } = await client.account.getToken();
    console.log(userId, client.account.peekToken().sessionId);`;
  const lines = (await inProcess(t, code, make)).split("\n");
  assert.ok(lines.includes("u s") && lines.includes("token-refreshed"), lines.join());
});

test("no global is made, by the import or by a call", async (t) => {
  const code = `await (await fetch(endpoint)).text(); // Node makes a global of its own at the first fetch
    const before = Object.getOwnPropertyNames(globalThis).concat(Object.getOwnPropertySymbols(globalThis));
    const { Client } = await import(url);
    await new Client().setEndpoint(endpoint).setProject("p").setJWT(${JSON.stringify(TOKEN)}).account.get();
    const after = Object.getOwnPropertyNames(globalThis).concat(Object.getOwnPropertySymbols(globalThis));
    console.log(JSON.stringify(after.filter((name) => !before.includes(name)).map(String)));`;
  assert.equal(await inProcess(t, code), "[]");
});

test("importing runs nothing: no file is read, no request made, no WebAssembly touched", async (t) => {
  const code = `import fs from "node:fs/promises";
    import { syncBuiltinESMExports } from "node:module";
    const touched = [];
    const { readFile } = fs;
    fs.readFile = (path, ...rest) => (String(path).endsWith(".wasm") && touched.push(path), readFile(path, ...rest));
    syncBuiltinESMExports();
    for (const name of ["fetch", "WebAssembly", "setTimeout"]) {
      const value = globalThis[name];
      Object.defineProperty(globalThis, name, { get: () => (touched.push(name), value) });
    }
    const { Client } = await import(url);
    new Client().setEndpoint(endpoint).setProject("p").account;
    console.log(JSON.stringify(touched));`;
  assert.equal(await inProcess(t, code), "[]");
});

test("eval and new Function are never used", async () => {
  const code = `const { decodeJWT } = await import(${JSON.stringify(ESM)});
    console.log((await decodeJWT(${JSON.stringify(TOKEN)})).userId);`;
  const { stdout, exitCode } = await runNode(code, { flags: ["--disallow-code-generation-from-strings"] });
  assert.deepEqual([stdout.trim(), exitCode], ["u", 0]);
});

test("what is declared for servers and for pages is exported, and nothing else", async () => {
  for (const [file, build] of [["node.d.ts", ESM], ["index.d.ts", dist("isojot.mjs")]]) {
    const types = await readFile(new URL(`../${file}`, import.meta.url), "utf8");
    const declared = [...types.matchAll(/^export (?:class|enum|function) (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(Object.keys(await import(build)).sort(), declared.sort(), file);
  }
});

test("the CommonJS build has the same exports, and its errors are the other's too", async () => {
  const required = createRequire(import.meta.url)(dist("isojot.cjs"));
  assert.deepEqual(Object.keys(required).sort(), Object.keys(await import(ESM)).sort());
  await assert.rejects(required.decodeJWT("abc"), (error) => error instanceof AppwriteException && error instanceof required.AppwriteException);
  await required.dispose();
});

test("the browser builds have no Node in them, and the script makes one global", async () => {
  const script = await readFile(dist("isojot.js"), "utf8");
  for (const code of [script, await readFile(dist("isojot.mjs"), "utf8")]) assert.doesNotMatch(code, /["']node:|\brequire\(/);
  const page = createContext({ document: { currentScript: { src: "https://cdn.test/v1/isojot.js" } }, URL, TextDecoder });
  const before = new Set(Object.getOwnPropertyNames(page));
  runInContext(script, page);
  assert.deepEqual(Object.getOwnPropertyNames(page).filter((name) => !before.has(name)), ["isojot"]);
  assert.deepEqual(Object.keys(page.isojot).sort(), Object.keys(await import(dist("isojot.mjs"))).sort());
});

test("in every build, classes and functions are called by the names that they are exported under", async () => {
  const page = createContext({ URL, TextDecoder, location: { href: "https://cdn.test/v1/" } });
  runInContext(await readFile(dist("isojot.js"), "utf8"), page);
  const modules = await Promise.all(["isojot.mjs", "isojot.node.mjs", "isojot.edge.mjs"].map((file) => import(pathToFileURL(dist(file)).href)));
  for (const exports of [page.isojot, createRequire(import.meta.url)(dist("isojot.cjs")), ...modules]) {
    for (const [name, value] of Object.entries(exports)) if (typeof value === "function") assert.equal(value.name, name);
    const error = new exports.AppwriteException("no");
    assert.equal(error.constructor.name, "AppwriteException");
  }
});

test("errors name what JavaScript has, and not the options of Go", async (t) => {
  const client = await clientFor(t);
  const failures = {
    "it has no JWT": [(c) => c.account.get(), /project "demo".*setJWT\(\).*setSession\(\)/],
    "needs a session": [(c) => c.account.createJWT(), /project "demo".*setSession\(\)/],
    "an expired JWT": [(c) => c.setJWT(TOKEN).account.getToken({ forceRefresh: true }), /set a new one with setJWT\(\)/],
    "no JWT": [(c) => c.setJWT("abc").account.get(), /jwt of createJWT\(\)'s answer/],
  };
  for (const header of ["X-Appwrite-JWT", "cookie", "x-appwrite-locale", "x-appwrite-project", "x-appwrite-key", "x-fallback-cookies"]) {
    failures[header] = [(c) => ((c.headers = { [header]: "a" }), c.account.get()), /is set by .*, not by headers/];
  }
  for (const [name, [call, words]] of Object.entries(failures)) {
    const fresh = new Client().setEndpoint(client.config.endpoint).setProject("demo");
    const error = await call(fresh).then((value) => assert.fail(`${name}: ${JSON.stringify(value)}`), (error) => error);
    assert.match(error.message, words, name);
    assert.doesNotMatch(`${error.message} ${error.advice}`, /\bWith[A-Z]|NewClient|Session\.Secret|TokenSource|RetryAfter/, name);
  }
});

test("no text of the WebAssembly names an option of Go", async () => {
  const wasm = await readFile(dist("isojot.wasm"), "latin1");
  // Names of functions stand after a period, in the table of the runtime.
  const words = [...wasm.matchAll(/[ -~]{0,40}(?<![.\w])(?:With(?:JWT|Session|Key|Locale|Header|Storage)|NewClient's|Session\.Secret|TokenSource spend)[ -~]{0,40}/g)].map(([text]) => text);
  assert.deepEqual(words, []);
  assert.match(wasm, /setSession\(\)/);
});

test("a header may be a number; one without a value is left out", async (t) => {
  const client = await clientFor(t);
  client.setSession("secret").headers = { "x-number": 5, "x-none": undefined, "x-null": null };
  const { headers } = await client.account.get();
  assert.deepEqual([headers["x-number"], "x-none" in headers, "x-null" in headers], ["5", false, false]);
});

test("the script build looks for its WebAssembly beside itself", async () => {
  const asked = [];
  const fetch = async (url) => (asked.push(url), Promise.reject(new TypeError("offline")));
  const page = createContext({ document: { currentScript: { src: "https://cdn.test/v1/isojot.js?x=1" } }, URL, fetch, setTimeout, clearTimeout, crypto, performance, AbortController, TextEncoder, TextDecoder, WebAssembly, Headers });
  runInContext(await readFile(dist("isojot.js"), "utf8"), page);
  page.document.currentScript = null;
  await assert.rejects(page.isojot.preload(), { name: "AppwriteException", type: "client_load_failed" });
  assert.deepEqual(asked, ["https://cdn.test/v1/isojot.wasm"]);
});

test("an uncaught error shows the line that it comes from, and not the whole package", async () => {
  for (const [file, load] of [["isojot.node.mjs", "import"], ["isojot.cjs", "require"]]) {
    const code = `(async () => { const { decodeJWT } = await ${load}(${JSON.stringify(load === "import" ? pathToFileURL(dist(file)).href : dist(file))}); await decodeJWT("abc"); })();`;
    const { stderr, exitCode } = await runNode(code, { type: "commonjs" });
    assert.equal(exitCode, 1);
    assert.match(stderr, /AppwriteException: /);
    assert.ok(Math.max(...stderr.split("\n").map(({ length }) => length)) < 500, `${file}: ${stderr.slice(0, 1000)}`);
  }
});
