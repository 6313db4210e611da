// One run of the checks in a browser: a server for its page, and what comes
// back to it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CONTROL } from "../matrix/observe.mjs";
import { checks as workerChecks } from "../matrix/ownworker.mjs";
import { differ } from "../matrix/run.mjs";
import { newEnv, record, TIMEOUT } from "./matrix.mjs";
import { startPages } from "./pages.mjs";
import { startProxy } from "./proxy.mjs";
import { bodyOf, proxyOrders, workerFiles } from "./webworker.mjs";

const WASM = "'wasm-unsafe-eval'";
const worker = { worker: true };

// What a page must allow, and no more: its own scripts, WebAssembly, and calls
// to the API. The image is the icon that browsers ask for.
const policy = ({ endpoint, dead }, evaluate = WASM, more = "") =>
  `default-src 'none'; img-src 'self'; script-src 'self' ${evaluate}; connect-src 'self' ${new URL(endpoint).origin} ${new URL(dead).origin}; ` +
  `report-uri /violations; require-trusted-types-for 'script'; ${more}`;

// The one worker, and the one name in which its address is trusted.
const WORKER = "worker-src 'self'; trusted-types isojot";

const page = (src, headers) => ({
  type: "text/html",
  headers,
  body: `<!doctype html><meta charset="utf-8"><title>matrix</title><script type="module" src="${src}"></script>`,
});

/** The ways in which a browser runs the package. Where a worker of the package's own runs the program the page may not. */
export const ways = {
  page: {},
  "script tag": { script: true, globals: ["isojot"] },
  "Web Worker": { main: "startworker.mjs" },
  "strict CSP": { host: "127.0.0.1", policy: (env) => policy(env) },
  "worker: true": { options: worker, script: true, globals: ["isojot"] },
  "worker: true, strict CSP": {
    options: { ...worker, workerURL: "/watched.js" }, list: "ownworker", checks: workerChecks, host: "127.0.0.1", policy: (env) => policy(env, "", WORKER),
  },
};

/** Runs the checks in a page that `browser` opens, and records them. */
export async function runInBrowser(t, shared, engine, browser, way) {
  const { host = "localhost", globals, options, checks, main = "web.mjs" } = ways[way];
  const proxy = options?.worker && (await startProxy(t, shared.isojot.url));
  const env = await newEnv(shared, { browser: true, host, globals, options, ...(proxy && { sent: "/sent", port: proxy.port }) });
  const files = proxy && { ...(await workerFiles(shared)), ...proxyOrders(proxy) };
  const { results, told } = await visit(t, shared, browser, { env, host, main, files, ...ways[way] });
  // What the driver heard is more than the page can: the browser's own warnings.
  results.push({ name: "the browser tells of nothing", error: differ(told.filter((line) => !line.includes(CONTROL)), []) });
  record(t, `${engine}, ${way}`, browser.version, results, { browser: true, extra: main === "web.mjs" ? 2 : 1, checks });
}

/** What a page's policy may forbid; by how the error names the fix. */
export const forbidden = {
  "'wasm-unsafe-eval'": { policy: (env) => policy(env, ""), type: "client_load_failed", message: /add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy/ },
  "the worker": { options: worker, policy: (env) => policy(env, WASM, "worker-src 'none'; trusted-types isojot"), type: "client_worker_failed", message: /(blocks|refused to start) http.*worker\.js.*worker-src 'self'/s },
  "the worker's Trusted Types policy": { options: worker, policy: (env) => policy(env, WASM, "worker-src 'self'; trusted-types 'none'"), type: "client_worker_failed", message: /trusted-types isojot/ },
};

/** Loads the package where the page's policy forbids that: the control of the strict ones, and of the error. */
export async function runForbidden(t, shared, browser, what) {
  const { options, type, message, policy } = forbidden[what];
  const env = await newEnv(shared, { browser: true, options });
  const { results } = await visit(t, shared, browser, { env, policy, host: "localhost", main: "forbidden.mjs" });
  assert.equal(results.type, type, JSON.stringify(results));
  assert.match(results.message, message);
  assert.equal(results.violation, "connect-src");
}

// Serves a page of which `main`, of matrix/hosts/, is the script, and resolves
// with what that reports and all that the browser tells.
async function visit(t, shared, browser, { env, policy, main, host, script, list = "behaviour", files }) {
  const violations = [];
  let report;
  const reported = new Promise((resolve) => (report = resolve));
  const nothing = { status: 204, type: "text/plain" };
  const headers = policy ? { "Content-Security-Policy": policy(env) } : {};
  const base = await startPages(
    t,
    {
      "/": page(`/matrix/hosts/${main}`, headers),
      "/config.json": { type: "application/json", body: JSON.stringify({ ...entries(shared.packed, script), env, list }) },
      "/results": async (request) => (report(JSON.parse(await bodyOf(request))), nothing),
      "/violations": async (request) => (violations.push(await bodyOf(request)), nothing),
      ...files,
    },
    host,
    { "/isojot/": shared.packed.installed, "/matrix/": join(shared.packed.dir, "matrix") },
  );
  const opened = await browser.open(base);
  const late = wait(TIMEOUT, [{ name: "the run", error: "no results came" }], { ref: false });
  const results = await Promise.race([reported, late]);
  await opened.close();
  return { results, told: [...opened.logged, ...violations] };
}

const entries = (packed, script) => ({
  module: `/isojot/${packed.entry(["browser", "import"])}`,
  ...(script && { script: `/isojot/${packed.manifest.jsdelivr.slice("./".length)}` }),
});
