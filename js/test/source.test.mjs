import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { AppwriteException } from "../src/shared/exception.js";
import { instantiate } from "../src/engine/source.js";
import { EMPTY_MODULE, serve } from "./support.mjs";

const HTML = "<!doctype html><title>app</title>";

async function load(t, { status = 200, type, body }) {
  const base = await serve(t, (request, response) => {
    response.writeHead(status, type === undefined ? {} : { "content-type": type });
    response.end(body);
  });
  const wasmURL = `${base}/isojot.wasm`;
  return { wasmURL, loading: instantiate({ global: globalThis }, { wasmURL }, {}) };
}

async function failsWith(t, answer, ...parts) {
  const { wasmURL, loading } = await load(t, answer);
  await assert.rejects(loading, (error) => {
    assert.ok(error instanceof AppwriteException);
    assert.equal(error.type, "client_load_failed");
    for (const part of [wasmURL, ...parts]) assert.ok(error.message.includes(part), `${error.message}\nlacks ${part}`);
    return true;
  });
}

test("the right content type is streamed", async (t) => {
  const streaming = t.mock.method(WebAssembly, "instantiateStreaming");
  const { loading } = await load(t, { type: "application/wasm", body: EMPTY_MODULE });
  assert.ok((await loading) instanceof WebAssembly.Instance);
  assert.equal(streaming.mock.callCount(), 1);
});

test("a wrong content type, or none, works without streaming", async (t) => {
  const streaming = t.mock.method(WebAssembly, "instantiateStreaming");
  for (const type of ["application/octet-stream", "text/plain", "application/wasm; charset=utf-8", undefined]) {
    const { loading } = await load(t, { type, body: EMPTY_MODULE });
    assert.ok((await loading) instanceof WebAssembly.Instance);
  }
  assert.equal(streaming.mock.callCount(), 0);
});

test("HTML instead of WebAssembly is named with its status, type and the fix", (t) =>
  failsWith(t, { type: "text/html; charset=utf-8", body: HTML }, "an HTML or XML page", "HTTP 200", "text/html; charset=utf-8", "init({ wasmURL })"));

test("where Vite's dev server has moved the JavaScript, the fix is Vite's", async () => {
  const platform = { global: { fetch: async () => Object.defineProperty(new Response(HTML), "url", { value: "http://localhost:5173/node_modules/.vite/deps/isojot.wasm" }) } };
  await assert.rejects(instantiate(platform, { wasmURL: "http://localhost:5173/node_modules/.vite/deps/isojot.wasm" }, {}), /add optimizeDeps: \{ exclude: \["isojot"\] \} to the configuration of Vite; else make isojot\.wasm/);
});

test("a bad status is named", (t) => failsWith(t, { status: 404, type: "text/html", body: HTML }, "HTTP 404", "text/html", "init({ wasmURL })"));

test("a bad status is not taken for a file, whatever it holds", (t) =>
  failsWith(t, { status: 500, type: "application/wasm", body: EMPTY_MODULE }, "HTTP 500"));

test("an empty and a foreign file are told apart", async (t) => {
  await failsWith(t, { body: "" }, "an empty file", "no content type");
  await failsWith(t, { body: "version https://git-lfs" }, "some other file");
});

test("a broken module fails with the engine's reason", (t) =>
  failsWith(t, { type: "application/wasm", body: EMPTY_MODULE.subarray(0, 6) }, "could not be instantiated"));

test("an unreachable server is named", async (t) => {
  const global = { fetch: () => Promise.reject(new TypeError("fetch failed")) };
  await assert.rejects(instantiate({ global }, { wasmURL: "https://down.test/x.wasm" }, {}), (error) => {
    assert.match(error.message, /https:\/\/down\.test\/x\.wasm: the request failed \(fetch failed\).*CORS/);
    return error.cause instanceof TypeError;
  });
});

test("a Content-Security-Policy that forbids it is named with its fix", async (t) => {
  // As Chromium and Firefox say it.
  for (const message of ["Refused to compile: 'wasm-unsafe-eval' is not an allowed source", "call to WebAssembly.instantiate() blocked by CSP"]) {
    const refused = t.mock.method(WebAssembly, "instantiate", async () => {
      throw new WebAssembly.CompileError(message);
    });
    const { loading } = await load(t, { body: EMPTY_MODULE });
    await assert.rejects(loading, /add 'wasm-unsafe-eval' to script-src/);
    refused.mock.restore();
  }
});

test("a compiled module needs no file", async () => {
  const wasmModule = await WebAssembly.compile(EMPTY_MODULE);
  assert.ok((await instantiate({}, { wasmModule }, {})) instanceof WebAssembly.Instance);
});

test("a compiled module of something else is refused", async () => {
  // An import "a" "b" of a function that nobody gives.
  const bytes = Uint8Array.of(...EMPTY_MODULE, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0);
  const loading = instantiate({}, { wasmModule: await WebAssembly.compile(bytes) }, {});
  await assert.rejects(loading, (error) => error.type === "client_load_failed" && /wasmModule given to init/.test(error.message));
});

test("a bundle that lost its place says so", async () => {
  const defaultURL = () => new URL("./isojot.wasm", undefined).href;
  await assert.rejects(instantiate({ defaultURL }, {}, {}), /isojot\.wasm: a bundler took away .*init\(\{ wasmURL \}\)/);
});

test("a missing file is named with its path", async () => {
  const platform = { localPath: (url) => url, readFile, defaultURL: () => "/nowhere/isojot.wasm" };
  await assert.rejects(instantiate(platform, {}, {}), /\/nowhere\/isojot\.wasm: it could not be read \(ENOENT\)/);
});

test("where requests are kept apart a module is instantiated at once", async (t) => {
  const wasmModule = await WebAssembly.compile(EMPTY_MODULE);
  const later = t.mock.method(WebAssembly, "instantiate");
  for (const [apart, calls] of [[true, 0], [false, 1]]) {
    assert.ok((await instantiate({ global: globalThis, apart }, { wasmModule }, {})) instanceof WebAssembly.Instance);
    assert.equal(later.mock.callCount(), calls);
  }
});
