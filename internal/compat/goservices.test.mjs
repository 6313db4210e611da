// The Go packages send what the official packages send: for every operation the
// method, the path, the query, what is asked for, the content type and the body.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import * as web from "appwrite";
import * as node from "node-appwrite";
import { InputFile } from "node-appwrite/file";
import { root } from "./support/isojot.mjs";

const run = promisify(execFile);
const program = join(root, "bin", "gorequests");

before(() => run("go", ["build", "-o", program, "./internal/compat/gorequests"], { cwd: root }));

/** The operations of a package, as the generator lists them. */
async function operations(list) {
  const { stdout } = await run("go", ["run", "./internal/gen", "-list", list], { cwd: root, maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}

/** A server that takes note of requests by the first part of their path. */
async function recorder(t) {
  const seen = { node: [], web: [], go: [] };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const [, who] = request.url.split("/");
    seen[who].push(noted(request, Buffer.concat(chunks)));
    const { accept = "" } = request.headers;
    if (accept === "text/html") response.writeHead(302, { location: "https://provider.example/" }).end();
    else if (/image|\*\/\*/.test(accept) && request.method === "GET") response.writeHead(200, { "content-type": "image/png" }).end("png");
    else response.writeHead(200, { "content-type": "application/json" }).end(`{"$id":"one"}`);
  });
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { seen, url: (who) => `http://127.0.0.1:${server.address().port}/${who}/v1` };
}

/** What is compared of a request. */
function noted(request, body) {
  const url = new URL(request.url, "http://localhost");
  const type = request.headers["content-type"] ?? "";
  return {
    method: request.method,
    path: url.pathname.split("/").slice(2).join("/"),
    query: [...url.searchParams],
    accept: request.headers.accept ?? "",
    type: type.split(";")[0],
    body: type.startsWith("multipart/") ? parts(body, type) : body.length > 0 ? JSON.parse(body.toString()) : "",
    header: Object.fromEntries(["content-range", "x-appwrite-id"].filter((name) => name in request.headers).map((name) => [name, request.headers[name]])),
  };
}

/** The parts of a form by their names, in whose order servers see nothing. */
function parts(body, type) {
  const boundary = /boundary=(.*)$/.exec(type)[1];
  return body.toString("latin1").split(`--${boundary}`).slice(1, -1).map((part) => {
    const [head, ...rest] = part.replace(/^\r\n/, "").split("\r\n\r\n");
    return { head: head.split("\r\n").map((line) => line.toLowerCase()).sort(), content: rest.join("\r\n\r\n").replace(/\r\n$/, "") };
  }).sort((a, b) => (a.head[0] < b.head[0] ? -1 : a.head[0] > b.head[0] ? 1 : 0));
}

/** A fetch that asks for what the default of fetch would be is one that asks for nothing. */
const asked = (request) => ({ ...request, accept: request.accept === "*/*" ? "" : request.accept });

// Values of parameters by their type, by the variant.
const texts = { all: (name) => `${name} ü😀 "&=+ /?`, zero: () => "" };
const object = { text: "ü", number: 1.5, list: [1, { deep: [] }], nothing: null };
const values = {
  string: (variant, name) => (moments.has(name) ? "2031-02-03T04:05:06.789+00:00" : texts[variant](name)),
  number: (variant) => (variant === "zero" ? 0 : 7),
  "number | bigint": (variant) => (variant === "zero" ? 0 : 9007199254740991),
  boolean: (variant) => variant !== "zero",
  object: (variant) => (variant === "zero" ? {} : object),
  "string[]": (variant) => (variant === "zero" ? [] : ["one", `{"method":"equal","values":["ü"]}`]),
  "object[]": (variant) => (variant === "zero" ? [] : [object, { a: 1 }]),
  "number[]": (variant) => (variant === "zero" ? [] : [1, 2]),
  File: () => "the content",
};
const moments = new Set(["scheduledAt", "expiresAt"]);

/** A parameter's value; anything that is not known here is an enumeration, or a list of one. */
function valueOf(operation, param, variant) {
  const wire = param.wire ?? param.name;
  if (param.type === "string" && wire === "expire") return "2031-02-03T04:05:06.789+00:00";
  if (param.type === "any[][]") return operation.name.includes("Polygon") ? [[[1, 2], [3, 4]]] : [[1, 2], [3, 4]];
  if (param.in === "path") return `${wire} ü/?`;
  if (values[param.type]) return values[param.type](variant, wire);
  return param.type.endsWith("[]") ? ["value"] : "value";
}

/** The calls of an operation: what is needed alone, all, and all at their zero values where Go can say so. */
function variants(operation, fields) {
  const named = (kept, variant) => kept.map((param) => ({ ...param, wire: param.wire ?? param.name, value: valueOf(operation, param, variant) }));
  const zero = operation.params.filter((p) => !p.optional || p.nullable || p.type === "File" || fields?.[(p.wire ?? p.name).toLowerCase()] === "nil");
  return {
    required: named(operation.params.filter((p) => !p.optional || p.nullable), "all").map((p) => (p.nullable ? { ...p, value: null } : p)),
    all: named(operation.params, "all"),
    zero: named(zero, "zero").map((p) => (p.in === "path" || (!p.optional && p.wire.endsWith("Id")) ? { ...p, value: "id" } : p)),
  };
}

/** Calls a method of an official package; the answer is of no interest. */
async function official(sdk, client, operation, params) {
  const service = new sdk[operation.service](client);
  const own = Object.fromEntries(params.map((p) => [p.name, p.type === "File" ? fileOf(sdk, p.value) : p.value]));
  return params.length > 0 ? service[operation.name](own) : service[operation.name]();
}

const fileOf = (sdk, text) => (sdk === node ? InputFile.fromBuffer(Buffer.from(text), `fi"le ü.txt`) : new File([text], `fi"le ü.txt`));

/** Runs the Go program with calls, and gives what came of each. */
async function go(args, calls) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(calls.map((call) => JSON.stringify(call)).join("\n"));
  const chunks = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().trim().split("\n");
  assert.equal(lines.length, calls.length, "the program answered fewer calls than it was given");
  return lines.map((line) => JSON.parse(line));
}

const callOf = (operation, params, suffix) => ({
  operation: operation.operation,
  suffix,
  params: params.map((p) => ({ name: p.wire, type: p.type, value: p.value })),
});

// What differs on purpose, with its rule.
const differences = {
  // An object in a query: the official packages write "[object Object]", the server reads headers[name].
  "avatars.getScreenshot": (request) => ({ ...request, query: request.query.filter(([name]) => !name.startsWith("headers")) }),
};
const compared = (operation, request) => asked((differences[operation.operation] ?? ((r) => r))(request));

/** Compares the requests of a mode of the program with those of an official package. */
async function compare(t, sdk, who, list, mode) {
  const { seen, url } = await recorder(t);
  const client = new sdk.Client().setEndpoint(url(who)).setProject("demo");
  const fields = Object.fromEntries((await go(["fields"], list.map((o) => callOf(o, [])))).map((o) => [o.operation, o]));
  const calls = [];
  for (const operation of list) {
    const own = fields[operation.operation];
    assert.ok(mode === "call" || !own.missing, `Go has no method for ${operation.operation}`);
    for (const [variant, params] of Object.entries(variants(operation, mode === "call" ? everyNil(operation) : own.fields))) {
      calls.push({ name: `${operation.operation}, ${variant}, ${mode}`, operation, params });
      await official(sdk, client, operation, params);
      assert.equal(seen[who].length, calls.length, operation.operation);
    }
  }
  const results = await go([mode, url("go")], calls.map(({ operation, params }) => callOf(operation, params)));
  calls.forEach(({ name }, i) => assert.equal(results[i].error, undefined, name));
  assert.equal(seen.go.length, calls.length);
  calls.forEach(({ name, operation }, i) => assert.deepEqual(compared(operation, seen.go[i]), compared(operation, seen[who][i]), name));
  return list.length;
}

const everyNil = (operation) => Object.fromEntries(operation.params.map((p) => [(p.wire ?? p.name).toLowerCase(), "nil"]));

/** The services that Go has typed methods of. */
const services = ["account", "avatars", "databases", "documentsDB", "locale", "messaging", "presences", "storage", "tablesDB", "teams", "tokens", "users", "vectorsDB"];
const typed = (operation) => services.includes(operation.operation.split(".")[0]);

test("Go sends what the official packages send", async (t) => {
  const server = await operations("server");
  const page = await operations("page");
  const names = new Set(server.map((o) => o.operation));
  const pageOnly = page.filter((o) => !names.has(o.operation));

  await t.test("typed methods, as node-appwrite", async (t) => {
    const count = await compare(t, node, "node", server.filter(typed), "typed");
    t.diagnostic(`${count} operations`);
    assert.ok(count > 300, `${count} operations`);
  });
  await t.test("typed methods of what pages alone have, as appwrite", async (t) => {
    const count = await compare(t, web, "web", pageOnly.filter((o) => typed(o) && o.kind !== "content" && o.kind !== "redirect"), "typed");
    t.diagnostic(`${count} operations`);
    assert.ok(count > 20, `${count} operations`);
  });
  await t.test("Call, as node-appwrite", async (t) => {
    const count = await compare(t, node, "node", server, "call");
    t.diagnostic(`${count} operations`);
    assert.equal(count, server.length);
  });
  await t.test("URLs for pages, as appwrite", async (t) => {
    const list = page.filter((o) => o.kind === "content" || o.operation === "account.createOAuth2Session");
    const client = new web.Client().setEndpoint("http://127.0.0.1:1/v1").setProject("demo");
    for (const operation of list) {
      for (const [variant, params] of Object.entries(variants(operation))) {
        const want = await official(web, client, operation, params);
        const [result] = await go(["typed"], [callOf(operation, params, operation.kind === "content" ? "URL" : "")]);
        assert.equal(result.error, undefined, operation.operation);
        assert.deepEqual(readable(operation, result.result), readable(operation, want), `${operation.operation}, ${variant}`);
      }
    }
    t.diagnostic(`${list.length} operations`);
    assert.ok(list.length > 10);
  });
});

test("Go sends files in the chunks of the official package", async (t) => {
  const { seen, url } = await recorder(t);
  const storage = new node.Storage(new node.Client().setEndpoint(url("node")).setProject("demo"));
  const chunk = 5 * 1024 * 1024;
  for (const size of [0, 1, chunk, chunk + 1, 53_000_000]) {
    await storage.createFile({ bucketId: "b", fileId: "f", file: InputFile.fromBuffer(Buffer.alloc(size), "zeros"), permissions: ["p"] });
    const params = [["bucketId", "b"], ["fileId", "f"], ["file", size, "File"], ["permissions", ["p"]]];
    const [{ error }] = await go(["typed", url("go")], [callOf({ operation: "storage.createFile" }, params.map(([wire, value, type]) => ({ wire, value, type })))]);
    assert.equal(error, undefined);
    const [ours, theirs] = ["go", "node"].map((who) => seen[who].splice(0).sort((a, b) => first(a) - first(b)));
    assert.equal(ours.length, Math.max(1, Math.ceil(size / chunk)));
    assert.deepEqual(ours.map(short), theirs.map(short), `${size} bytes`);
    t.diagnostic(`${size} bytes: ${ours.length} requests`);
  }
});

/** The number of a chunk's first byte. */
const first = (request) => Number(/\d+/.exec(request.header["content-range"] ?? "0")[0]);

/** A request with the sizes of large contents. */
const short = (request) => ({ ...request, body: request.body.map(({ head, content }) => ({ head, content: content.length > 99 ? content.length : content })) });

/** A URL, its query as it is read; the official package's names who is impersonated, also where that is nobody. */
function readable(operation, url) {
  const { origin, pathname, searchParams } = new URL(url);
  const query = [...searchParams].filter(([name, value]) => !(name === "impersonateuserid" && value === ""));
  return { origin, pathname, ...compared(operation, { query, accept: "" }) };
}
