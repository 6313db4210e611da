// One run of the checks in a browser: a server for its page, and what comes
// back to it.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CONTROL } from "../matrix/observe.mjs";
import { differ } from "../matrix/run.mjs";
import { newEnv, record, TIMEOUT } from "./matrix.mjs";
import { startPages } from "./pages.mjs";

// What a page must allow, and no more: its own scripts, WebAssembly, and calls
// to the API. The image is the icon that browsers ask for.
const policy = ({ endpoint, dead }) =>
  `default-src 'none'; img-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${new URL(endpoint).origin} ${new URL(dead).origin}; report-uri /violations; require-trusted-types-for 'script'`;

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
  const { host, script, worker, strict, globals } = ways[way];
  const env = await newEnv(shared, { browser: true, host, globals });
  const violations = [];
  let report;
  const reported = new Promise((resolve) => (report = resolve));
  const headers = strict ? { "Content-Security-Policy": policy(env) } : {};
  const base = await startPages(
    t,
    {
      "/": page(worker ? "/matrix/hosts/startworker.mjs" : "/matrix/hosts/web.mjs", headers),
      "/config.json": { type: "application/json", body: JSON.stringify({ ...entries(shared.packed, script), env }) },
      "/results": async (request) => report(JSON.parse(await text(request))) ?? { status: 204, type: "text/plain" },
      "/violations": async (request) => violations.push(await text(request)) && { status: 204, type: "text/plain" },
    },
    host,
    { "/isojot/": shared.packed.installed, "/matrix/": join(shared.packed.dir, "matrix") },
  );
  const opened = await browser.open(base);
  const results = await Promise.race([reported, wait(TIMEOUT, [{ name: "the run", error: `no results came; logged: ${opened.logged.join("\n")}` }], { ref: false })]);
  await opened.close();
  // What the driver heard is more than the page can: the browser's own warnings.
  const told = [...opened.logged.filter((line) => !line.includes(CONTROL)), ...violations];
  results.push({ name: "the browser tells of nothing", error: differ(told, []) });
  record(t, `${engine}, ${way}`, browser.version, results, { browser: true, extra: worker ? 1 : 2 });
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
