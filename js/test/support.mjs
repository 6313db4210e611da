// What several tests share: a Go program made of JavaScript, servers on free
// ports, and Node processes to look at from outside.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { definePackage as define } from "../src/package.js";
import { Client as BaseClient } from "../src/api/client.js";
import * as pages from "../src/pages.js";
import { operationsOf } from "../src/api/service.js";

/** The class Client of pages, for a runtime of a test's own. */
export class Client extends BaseClient {
  constructor(runtime, options) {
    super(runtime, options, pages);
  }
}

/** The descriptors of all operations that pages have, by name. */
export const operations = Object.fromEntries(
  Object.values(pages).flatMap((type) => Object.values(operationsOf(type) ?? {}).map((operation) => [operation.name, operation])),
);

/** What a build of the package exports, for a platform. */
export function definePackage(platform) {
  return { ...pages, ...define({ services: pages, ...platform }) };
}

export const run = promisify(execFile);

/** The smallest WebAssembly module: a header and nothing else. */
export const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** The path of a built file; a clear error where it has not been built. */
export function dist(name) {
  const path = fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
  if (!existsSync(path)) throw new Error(`js/dist/${name} is missing: run make js wasm first`);
  return path;
}

/** A token as Go hands it over. */
export const TOKEN = Object.freeze({ jwt: "a.b.c", userId: "u", sessionId: "s", expiresAt: 1_795_449_600_000 });

/**
 * A platform whose Go program is a fake: `programs` lists those started, each
 * with its scope, the handles it opened and crash(code). `answer` is asked for
 * the promise of each call, `token` for that of each token. A handle has its
 * `config`, the ids of the `calls` made and `cancelled`, and `notify`.
 */
export function fakePlatform({ answer = async () => ({ json: true, text: "{}" }), token = async () => TOKEN, version = "1.0.0", ...rest } = {}) {
  const programs = [];
  const makeGo = (scope) => fakeGo(scope, { programs, answer, token, version });
  return { makeGo, version: "1.0.0", global: fakeGlobal(), defaultURL: () => "https://cdn.test/isojot.wasm", programs, ...rest };
}

function fakeGlobal() {
  const names = ["Object", "Date", "Promise", "performance", "crypto", "TextEncoder", "TextDecoder", "AbortController", "Headers"];
  const global = { ...Object.fromEntries(names.map((name) => [name, globalThis[name]])), setTimeout, clearTimeout };
  global.fetches = [];
  global.fetch = async (url) => {
    global.fetches.push(url);
    return new Response(EMPTY_MODULE, { headers: { "content-type": "application/wasm" } });
  };
  return global;
}

function fakeGo(scope, { programs, answer, token, version }) {
  return class {
    importObject = {};
    exited = false;

    run() {
      return new Promise((resolve, reject) => {
        const program = { scope, handles: [], exits: 0, go: this, trap: reject, crash: (code) => this.#end(code, resolve) };
        programs.push(program);
        scope.isojotReady(fakeApi(program, version, { answer, token }));
      });
    }

    _resume() {
      if (this.exited) throw new Error("Go program has already exited");
      this.resume?.();
    }

    #end(code, resolve) {
      this.exited = true;
      this.exit(code);
      resolve();
    }
  };
}

function fakeApi(program, version, answers) {
  return {
    version,
    open: (config, notify) => fakeHandle(program, config, notify, answers),
    decode: (token) => (token === "bad" ? Object.assign(new Error("malformed"), { type: "client_token_malformed" }) : { userId: token }),
    handles: () => program.handles.filter(({ closed }) => !closed).length,
    exit: () => {
      program.exits++;
      program.crash(0);
    },
  };
}

function fakeHandle(program, config, notify, { answer, token }) {
  const started = (id, promise) => (assert.ok(!handle.closed, "a closed handle was called"), handle.calls.push(id), promise);
  const handle = {
    config,
    notify,
    calls: [],
    cancelled: [],
    closed: false,
    closes: 0,
    configure: (next) => void (handle.config = next),
    call: (id, { name }, request) => started(id, answer({ id, name, request, handle, config: handle.config, program })),
    token: (id, force) => started(id, token({ id, force, handle, config: handle.config, program })),
    cancel: (id) => void handle.cancelled.push(id),
    close: () => void ((handle.closed = true), handle.closes++),
  };
  program.handles.push(handle);
  return handle;
}

/** Collects garbage until it is so, or fails. */
export async function collected(isSo) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  for (let i = 0; i < 1000 && !isSo(); i++) {
    collect();
    await new Promise(setImmediate);
  }
  assert.ok(isSo(), "was not collected");
}

/** A promise and the functions that settle it. */
export function deferred() {
  const d = {};
  d.promise = new Promise((resolve, reject) => Object.assign(d, { resolve, reject }));
  return d;
}

/** Serves on a free port until the test ends; resolves with the base URL. */
export async function serve(t, handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** An API that answers every request with what it received. */
export function echo(request, response) {
  const { method, url, headers } = request;
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ method, url, headers, body }));
  });
}

/** Runs an ES module in a Node process of its own; resolves when it has ended, by itself or by the time limit. */
export function runNode(code, { type = "module", flags = [], cwd, timeout = 20_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, `--input-type=${type}`, "-e", code], { cwd, timeout });
    const out = { stdout: "", stderr: "" };
    for (const name of Object.keys(out)) child[name].on("data", (chunk) => (out[name] += chunk));
    child.on("error", reject);
    child.on("close", (exitCode, signal) => resolve({ ...out, exitCode, signal }));
  });
}

/** Checks a decodeJWT against the vectors that Go runs too, natively and under Node; resolves with their number. */
export async function checkTokenVectors(decodeJWT) {
  const vectors = JSON.parse(await readFile(new URL("../../testdata/tokens.json", import.meta.url), "utf8"));
  for (const vector of vectors) await checkTokenVector(decodeJWT, vector);
  return vectors.length;
}

async function checkTokenVector(decodeJWT, vector) {
  const { name, error, userId, sessionId, exp } = vector;
  const token = tokenOf(vector);
  if (error === undefined) return assert.deepEqual({ ...(await decodeJWT(token)) }, { userId, sessionId, exp }, name);
  await assert.rejects(decodeJWT(token), (failure) => {
    assert.equal(failure.type, "client_token_malformed", name);
    assert.ok(failure.message.includes(error), `${name}: ${failure.message}`);
    assert.ok(!token || token.length < 20 || !failure.message.includes(token), `${name}: the message repeats the token`);
    return true;
  });
}

/** A vector's token: as it is, or of `repeat`, `times` over, between `prefix` and `suffix`. */
export function tokenOf({ token, prefix = "", repeat, times, suffix = "" }) {
  return repeat === undefined ? token : prefix + repeat.repeat(times) + suffix;
}
