// A page built from the packed package by each bundler, run in Chromium; and
// what tracers of a server's files find.
import assert from "node:assert/strict";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { nodeFileTrace } from "@vercel/nft";
import * as esbuild from "esbuild";
import * as vite from "vite";
import webpack from "webpack";
import { newPage, startChromium } from "../support/chromium.mjs";
import { freePort, project, root } from "../support/isojot.mjs";
import { installPacked } from "../support/packed.mjs";
import { TYPES, startPages } from "../support/pages.mjs";
import { suite } from "../support/suite.mjs";

const shared = suite();
const ends = [];
let packed, browser;

before(async () => {
  const owner = { after: (end) => ends.unshift(end) };
  packed = await installPacked(owner);
  await packed.add(join(root, "internal", "compat", "frameworks", "page"), "page");
  browser = await startChromium(owner);
});
after(async () => {
  for (const end of ends) await end();
});

const inPage = (...path) => join(packed.dir, "page", ...path);

// Runs the page's story; all that it loads must come from where it lies.
async function tellStory(url) {
  const page = await newPage(browser);
  const loaded = [];
  page.on("response", (response) => loaded.push([new URL(response.url()), response.headers()["content-type"]]));
  await page.goto(url);
  await page.waitForFunction(() => globalThis.story);
  const { made, bearer } = await page.evaluate(([endpoint, project]) => story(endpoint, project), [shared.isojot.endpoint, project]);
  assert.equal(bearer, made);
  assert.deepEqual(page.problems, []);
  const programs = loaded.filter(([{ pathname }]) => pathname.endsWith(".wasm"));
  assert.deepEqual(programs.map(([{ origin }, type]) => [origin, type]), [[new URL(url).origin, "application/wasm"]]);
  await page.close();
  return programs[0][0].pathname;
}

// Serves a folder that a bundler has made, below /app/ as pages often are.
async function serveBuilt(t, folder, pages = {}) {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const { path, name } of files) {
    const file = join(path, name);
    pages[`/app${file.slice(folder.length)}`] = { type: TYPES[extname(name)] ?? "application/octet-stream", body: await readFile(file) };
  }
  return `${await startPages(t, pages)}/app/index.html`;
}

const html = (script) => ({ "/app/index.html": { type: "text/html", body: `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${script}"></script>` } });

test(`Vite ${vite.version}: a build`, async (t) => {
  await vite.build({ configFile: false, root: inPage(), base: "./", logLevel: "silent", build: { outDir: inPage("vite") } });
  assert.match(await tellStory(await serveBuilt(t, inPage("vite"))), /^\/app\/assets\/isojot-[\w-]+\.wasm$/);
});

test(`Vite ${vite.version}: the dev server`, async (t) => {
  const port = await freePort(); // which its WebSocket must be told
  const server = await vite.createServer({ configFile: false, root: inPage(), logLevel: "silent", server: { host: "127.0.0.1", port } });
  t.after(() => server.close());
  await server.listen();
  await tellStory(`http://127.0.0.1:${port}/`);
});

test(`webpack ${webpack.version}`, async (t) => {
  const config = { mode: "production", context: inPage(), entry: "./main.js", output: { path: inPage("webpack"), filename: "main.js" } };
  const stats = await promisify(webpack)(config);
  assert.deepEqual(stats.toJson({ errors: true, warnings: false }).errors, []);
  assert.match(await tellStory(await serveBuilt(t, inPage("webpack"), html("main.js"))), /^\/app\/\w+\.wasm$/);
});

test(`esbuild ${esbuild.version}, which is told to copy the WebAssembly`, async (t) => {
  const options = { entryPoints: [inPage("told.js")], bundle: true, minify: true, format: "esm", loader: { ".wasm": "file" }, outdir: inPage("esbuild") };
  const { warnings } = await esbuild.build({ ...options, logLevel: "silent" });
  assert.deepEqual(warnings, []);
  assert.match(await tellStory(await serveBuilt(t, inPage("esbuild"), html("told.js"))), /^\/app\/isojot-\w+\.wasm$/);
});

test("a tracer of a server's files takes the WebAssembly along, of ES modules and of CommonJS", async () => {
  for (const [file, code] of [["server.mjs", 'import "isojot";'], ["server.cjs", 'require("isojot");']]) {
    await writeFile(join(packed.dir, file), code);
    const { fileList } = await nodeFileTrace([join(packed.dir, file)], { base: packed.dir });
    assert.ok(fileList.has("node_modules/isojot/dist/isojot.wasm"), `${file}: ${[...fileList]}`);
  }
});
