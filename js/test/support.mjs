// What several tests share: a Go program made of JavaScript, servers on free
// ports, and Node processes to look at from outside.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const run = promisify(execFile);

/** The smallest WebAssembly module: a header and nothing else. */
export const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** The path of a built file; a clear error where it has not been built. */
export function dist(name) {
  const path = fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
  if (!existsSync(path)) throw new Error(`js/dist/${name} is missing: run make js wasm first`);
  return path;
}

/**
 * A platform whose Go program is a fake: `programs` lists those started, each
 * with its scope, the handles it opened and crash(code). `answer` is asked for
 * the promise of each call.
 */
export function fakePlatform({ answer = async () => ({ json: true, text: "{}" }), version = "1.0.0", ...rest } = {}) {
  const programs = [];
  const makeGo = (scope) => fakeGo(scope, { programs, answer, version });
  return { makeGo, version: "1.0.0", global: fakeGlobal(), defaultURL: () => "https://cdn.test/isojot.wasm", programs, ...rest };
}

function fakeGlobal() {
  const global = { ...Object.fromEntries(["Object", "Date", "Promise"].map((name) => [name, globalThis[name]])), setTimeout, clearTimeout };
  global.fetches = [];
  global.fetch = async (url) => {
    global.fetches.push(url);
    return new Response(EMPTY_MODULE, { headers: { "content-type": "application/wasm" } });
  };
  return global;
}

function fakeGo(scope, { programs, answer, version }) {
  return class {
    importObject = {};
    exited = false;

    run() {
      return new Promise((resolve, reject) => {
        const program = { scope, handles: [], exits: 0, go: this, trap: reject, crash: (code) => this.#end(code, resolve) };
        programs.push(program);
        scope.isojotReady(fakeApi(program, version, answer));
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

function fakeApi(program, version, answer) {
  return {
    version,
    open: (config) => fakeHandle(program, config, answer),
    decode: (token) => (token === "bad" ? Object.assign(new Error("malformed"), { type: "client_token_malformed" }) : { userId: token }),
    exit: () => {
      program.exits++;
      program.crash(0);
    },
  };
}

function fakeHandle(program, config, answer) {
  const handle = {
    config,
    closed: false,
    configure: (next) => void (handle.config = next),
    call: (name, params) => answer({ name, params, config: handle.config, program }),
    close: () => void (handle.closed = true),
  };
  program.handles.push(handle);
  return handle;
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
