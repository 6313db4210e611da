// One run of the checks in a browser: a server for its page, and what comes
// back to it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CONTROL } from "../matrix/observe.mjs";
import { differ } from "../matrix/run.mjs";
import { newEnv, record, TIMEOUT } from "./matrix.mjs";
import { startPages } from "./pages.mjs";

// What a page must allow, and no more: its own scripts, WebAssembly, and calls
// to the API. The image is the icon that browsers ask for.
const policy = ({ endpoint, dead }, evaluate = "'wasm-unsafe-eval'") =>
  `default-src 'none'; img-src 'self'; script-src 'self' ${evaluate}; connect-src 'self' ${new URL(endpoint).origin} ${new URL(dead).origin}; ` +
  "report-uri /violations; require-trusted-types-for 'script'";

const page = (src, headers) => ({
  type: "text/html",
  headers,
  body: `<!doctype html><meta charset="utf-8"><title>matrix</title><script type="module" src="${src}"></script>`,
});

/** The ways in which a browser runs the package. */
export const ways = {
  page: { host: "localhost" },
  "script tag": { host: "localhost", script: true, globals: ["isojot"] },
  "Web Worker": { host: "localhost", worker: true },
  "strict CSP": { host: "127.0.0.1", strict: true },
};

/** Runs the checks in a page that `browser` opens, and records them. */
export async function runInBrowser(t, shared, engine, browser, way) {
  const { host, worker, strict, globals } = ways[way];
  const env = await newEnv(shared, { browser: true, host, globals });
  const headers = strict ? { "Content-Security-Policy": policy(env) } : {};
  const main = worker ? "startworker.mjs" : "web.mjs";
  const { results, told } = await visit(t, shared, browser, { env, headers, main, ...ways[way] });
  // What the driver heard is more than the page can: the browser's own warnings.
  results.push({ name: "the browser tells of nothing", error: differ(told.filter((line) => !line.includes(CONTROL)), []) });
  record(t, `${engine}, ${way}`, browser.version, results, { browser: true, extra: worker ? 1 : 2 });
}

/** Loads the package where the page's policy forbids WebAssembly: the control of the strict one, and of the error. */
export async function runForbidden(t, shared, browser) {
  const env = await newEnv(shared, { browser: true });
  const headers = { "Content-Security-Policy": policy(env, "") };
  const { results } = await visit(t, shared, browser, { env, headers, host: "localhost", main: "forbidden.mjs" });
  assert.equal(results.type, "client_load_failed", JSON.stringify(results));
  assert.match(results.message, /add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy/);
  assert.equal(results.violation, "connect-src");
}

// Serves a page of which `main`, of matrix/hosts/, is the script, and resolves
// with what that reports and all that the browser tells.
async function visit(t, shared, browser, { env, headers, main, host, script }) {
  const violations = [];
  let report;
  const reported = new Promise((resolve) => (report = resolve));
  const nothing = { status: 204, type: "text/plain" };
  const base = await startPages(
    t,
    {
      "/": page(`/matrix/hosts/${main}`, headers),
      "/config.json": { type: "application/json", body: JSON.stringify({ ...entries(shared.packed, script), env }) },
      "/results": async (request) => (report(JSON.parse(await text(request))), nothing),
      "/violations": async (request) => (violations.push(await text(request)), nothing),
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

async function text(request) {
  let all = "";
  for await (const chunk of request) all += chunk;
  return all;
}
