// A page built from the packed package by each bundler, run in Chromium, with
// the program in the page and in a worker; and what tracers of a server's files
// find.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { delimiter, extname, join } from "node:path";
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

const FOLDER = join(root, "internal", "compat", "frameworks");
const shared = suite();
const ends = [];
let packed, browser, readme;

before(async () => {
  const owner = { after: (end) => ends.unshift(end) };
  packed = await installPacked(owner);
  await packed.add(join(FOLDER, "page"), "page");
  readme = codeOf(await readFile(join(packed.installed, "README.md"), "utf8"));
  browser = await startChromium(owner);
});
after(async () => {
  for (const end of ends) await end();
});

/** What the README says of workers: for all, for each bundler, and the commands for esbuild. */
function codeOf(text) {
  const chapter = text.split("\n### In a worker\n")[1].split(/\n##+ /)[0];
  const [plain, byVite, byWebpack, byEsbuild, commands] = [...chapter.matchAll(/^```(?:js|sh)\n([\s\S]*?)^```/gm)].map(([, code]) => code);
  return { plain: `import { init } from "isojot";\n${plain}`, byVite, byWebpack, byEsbuild, commands };
}

const inPage = (...path) => join(packed.dir, "page", ...path);

/** A folder of its own with the page, whose script is the code and then the story. */
async function newApp(name, code) {
  await packed.add(join(FOLDER, "page"), name);
  const folder = join(packed.dir, name);
  const page = await readFile(join(folder, "index.html"), "utf8");
  await writeFile(join(folder, "index.html"), page.replace("main.js", "app.js"));
  await writeFile(join(folder, "app.js"), `${code}\nimport "./main.js";\n`);
  return folder;
}

// Runs the page's story; all that it loads must come from where it lies.
async function tellStory(url, { inWorker = false } = {}) {
  const page = await newPage(browser);
  const loaded = [];
  page.on("response", (response) => loaded.push([new URL(response.url()), response.headers()["content-type"]]));
  await page.goto(url);
  await page.waitForFunction(() => globalThis.story);
  const { made, bearer } = await page.evaluate(([endpoint, project]) => story(endpoint, project), [shared.isojot.endpoint, project]);
  assert.equal(bearer, made);
  assert.deepEqual(page.problems, []);
  assert.equal(page.workers().length, inWorker ? 1 : 0);
  const programs = loaded.filter(([{ pathname, search }]) => pathname.endsWith(".wasm") && search === ""); // or it is a module that names it
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

async function viteBuilt(t, folder) {
  await vite.build({ configFile: false, root: folder, base: "./", logLevel: "silent", build: { outDir: join(folder, "vite") } });
  return serveBuilt(t, join(folder, "vite"));
}

async function viteServed(t, folder) {
  const port = await freePort(); // which its WebSocket must be told
  const server = await vite.createServer({ configFile: false, root: folder, logLevel: "silent", server: { host: "127.0.0.1", port } });
  t.after(() => server.close());
  await server.listen();
  return `http://127.0.0.1:${port}/`;
}

async function webpackBuilt(t, folder, entry) {
  const config = { mode: "production", context: folder, entry: `./${entry}`, output: { path: join(folder, "webpack"), filename: "main.js" } };
  const stats = await promisify(webpack)(config);
  assert.deepEqual(stats.toJson({ errors: true, warnings: false }).errors, []);
  return serveBuilt(t, join(folder, "webpack"), html("main.js"));
}

test(`Vite ${vite.version}: a build`, async (t) => {
  assert.match(await tellStory(await viteBuilt(t, inPage())), /^\/app\/assets\/isojot-[\w-]+\.wasm$/);
});

test(`Vite ${vite.version}: the dev server`, async (t) => {
  await tellStory(await viteServed(t, inPage()));
});

test(`webpack ${webpack.version}`, async (t) => {
  assert.match(await tellStory(await webpackBuilt(t, inPage(), "main.js")), /^\/app\/\w+\.wasm$/);
});

test(`esbuild ${esbuild.version}, which is told to copy the WebAssembly`, async (t) => {
  const options = { entryPoints: [inPage("told.js")], bundle: true, minify: true, format: "esm", loader: { ".wasm": "file" }, outdir: inPage("esbuild") };
  const { warnings } = await esbuild.build({ ...options, logLevel: "silent" });
  assert.deepEqual(warnings, []);
  assert.match(await tellStory(await serveBuilt(t, inPage("esbuild"), html("told.js"))), /^\/app\/isojot-\w+\.wasm$/);
});

for (const [how, code] of [["as the README says", "byVite"], ["without a word of where", "plain"]]) {
  test(`Vite ${vite.version}: a worker, ${how}, in a build and from the dev server`, async (t) => {
    const folder = await newApp(`vite-${code}`, readme[code]);
    await tellStory(await viteBuilt(t, folder), { inWorker: true });
    await tellStory(await viteServed(t, folder), { inWorker: true });
  });
}

for (const [how, code] of [["as the README says", "byWebpack"], ["without a word of where", "plain"]]) {
  test(`webpack ${webpack.version}: a worker, ${how}`, async (t) => {
    const folder = await newApp(`webpack-${code}`, readme[code]);
    await tellStory(await webpackBuilt(t, folder, "app.js"), { inWorker: true });
  });
}

test(`esbuild ${esbuild.version}: a worker, by the README's commands`, async (t) => {
  const folder = await newApp("by-esbuild", readme.byEsbuild);
  await packed.add(packed.installed, "by-esbuild/node_modules/isojot");
  const path = [join(FOLDER, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  await promisify(execFile)("sh", ["-ec", readme.commands], { cwd: folder, env: { ...process.env, PATH: path } });
  await tellStory(await serveBuilt(t, join(folder, "out"), html("app.js")), { inWorker: true });
});

test("a tracer of a server's files takes the WebAssembly along, of ES modules and of CommonJS", async () => {
  for (const [file, code] of [["server.mjs", 'import "isojot";'], ["server.cjs", 'require("isojot");']]) {
    await writeFile(join(packed.dir, file), code);
    const { fileList } = await nodeFileTrace([join(packed.dir, file)], { base: packed.dir });
    assert.ok(fileList.has("node_modules/isojot/dist/isojot.wasm"), `${file}: ${[...fileList]}`);
  }
});
