// Runs one function file for one call, under Node.js: the functions' interface
// of Appwrite's Node.js runtime, by the names and rules of its documentation.
// The call comes on file descriptor 3 and the answer goes out on 4, each as a
// JSON head and a body with their lengths before them; standard output is the
// logs, and standard error the errors.
"use strict";

const fs = require("node:fs");
const { pathToFileURL } = require("node:url");
const { inspect } = require("node:util");

const LOGS = 1;
const ERRORS = 2;
const CALL = 3;
const ANSWER = 4;

function readFrame(fd) {
  const size = readExactly(fd, 4).readUInt32BE(0);
  return readExactly(fd, size);
}

function readExactly(fd, size) {
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const n = fs.readSync(fd, buffer, at, size - at, null);
    if (n === 0) throw new Error("the call ended early");
    at += n;
  }
  return buffer;
}

function write(fd, bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(fd, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      // The function's own use of the stream may have made it non-blocking.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function writeFrame(fd, bytes) {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  write(fd, size);
  write(fd, bytes);
}

function textOf(message) {
  if (message instanceof Error) return message.stack || String(message);
  if (typeof message !== "object" || message === null) return String(message);
  try {
    return JSON.stringify(message);
  } catch {
    return inspect(message); // a circle, or a BigInt
  }
}

const log = (...messages) => write(LOGS, Buffer.from(messages.map(textOf).join(" ") + "\n"));
const error = (...messages) => write(ERRORS, Buffer.from(messages.map(textOf).join(" ") + "\n"));

// toBytes takes what a function may give as a body.
function toBytes(body) {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (typeof body === "object") return Buffer.from(JSON.stringify(body));
  return Buffer.from(String(body));
}

const binaryTypes = /^(application|audio|font|image|video)\//;

function makeRequest(head, bodyBinary) {
  const headers = head.headers;
  const contentType = (headers["content-type"] ?? "text/plain").toLowerCase();
  const scheme = headers["x-forwarded-proto"] ?? "http";
  const defaultPort = scheme === "https" ? 443 : 80;
  const [, host, portText] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?/.exec(headers.host ?? "");
  const port = portText ? Number(portText) : defaultPort;
  const cut = head.path.indexOf("?");
  const path = cut < 0 ? head.path : head.path.slice(0, cut);
  const queryString = cut < 0 ? "" : head.path.slice(cut + 1);
  return {
    method: head.method,
    headers,
    scheme,
    host,
    port,
    path,
    query: parseQuery(queryString),
    queryString,
    url: `${scheme}://${host}${port === defaultPort ? "" : `:${port}`}${path}${queryString && `?${queryString}`}`,
    bodyBinary,
    get bodyText() {
      return bodyBinary.toString();
    },
    get bodyRaw() {
      return this.bodyText;
    },
    get bodyJson() {
      return JSON.parse(this.bodyText);
    },
    get body() {
      if (contentType.startsWith("application/json")) return bodyBinary.length > 0 ? this.bodyJson : {};
      return binaryTypes.test(contentType) ? bodyBinary : this.bodyText;
    },
  };
}

// parseQuery leaves names and values as they came, undecoded, as the runtime does.
function parseQuery(queryString) {
  const query = {};
  for (const pair of queryString.split("&")) {
    const cut = pair.indexOf("=");
    const name = cut < 0 ? pair : pair.slice(0, cut);
    if (name) Object.defineProperty(query, name, { value: cut < 0 ? "" : pair.slice(cut + 1), enumerable: true, configurable: true, writable: true });
  }
  return query;
}

const response = {
  binary: (bytes, statusCode = 200, headers = {}) => ({ body: toBytes(bytes), statusCode, headers }),
  text: (body, statusCode = 200, headers = {}) => response.binary(body, statusCode, headers),
  send: (body, statusCode = 200, headers = {}) => response.text(String(body), statusCode, headers),
  json: (value, statusCode = 200, headers = {}) =>
    response.text(JSON.stringify(value), statusCode, { ...headers, "content-type": "application/json" }),
  empty: () => response.text("", 204, {}),
  redirect: (url, statusCode = 301, headers = {}) => response.text("", statusCode, { ...headers, location: url }),
};

// headerList makes pairs of what a function gave as headers, with the type that
// the runtime would send.
function headerList(headers) {
  const list = [];
  let contentType = "text/plain";
  for (const [key, value] of Object.entries(headers ?? {})) {
    const name = key.toLowerCase();
    if (name.startsWith("x-open-runtimes-")) continue;
    if (name === "content-type") contentType = String(value);
    else for (const one of [value].flat()) list.push([name, String(one)]);
  }
  if (!/^multipart\/|charset=/i.test(contentType)) contentType += "; charset=utf-8";
  return [...list, ["content-type", contentType]];
}

let answered = false;

// answer is the last thing that a run does: the process is ended as soon as the
// answer is read.
function answer(output) {
  if (answered) return;
  const head = { status: Number(output.statusCode ?? 200), headers: headerList(output.headers) };
  const body = toBytes(output.body);
  answered = true;
  writeFrame(ANSWER, Buffer.from(JSON.stringify(head)));
  writeFrame(ANSWER, body);
}

function fail(thrown) {
  if (answered) return;
  error(thrown);
  answer(response.text("", 500));
}

function findFunction(module) {
  // A CommonJS module that a compiler made of an ES module has its default
  // export one level deeper.
  for (const found of [module.default?.default, module.default]) {
    if (typeof found === "function") return found;
  }
  throw new Error("The file has no default export that is a function.");
}

async function run() {
  const head = JSON.parse(readFrame(CALL).toString());
  const body = readFrame(CALL);
  fs.closeSync(CALL);
  for (const name of ["log", "info", "debug", "warn", "error"]) console[name] = log;
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  const main = findFunction(await import(pathToFileURL(head.file).href));
  const output = await main({ req: makeRequest(head, body), res: response, log, error });
  if (output === undefined || output === null) {
    fail("Return statement missing. return context.res.empty() if no response is expected.");
  } else {
    answer(output);
  }
}

run().catch(fail);
