// Prints what the package weighs and how long it takes to be ready, beside the
// plain JavaScript SDK, as the table of the package's README has it: npm run
// startup. Sizes are as a server sends them, in kB (1000 bytes) of brotli; times
// are medians in ms of RUNS.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { startChromium } from "./support/chromium.mjs";
import { root, startIsojot } from "./support/isojot.mjs";

const RUNS = 11;
const dist = (name) => join(root, "js", "dist", name);
const official = (name) => join(root, "internal", "compat", "node_modules", "appwrite", "dist", name);
const kB = async (path) => Math.round(brotliCompressSync(await readFile(path)).length / 1000);
const median = (values) => Math.round(values.sort((a, b) => a - b)[Math.floor(values.length / 2)]);
const repeat = async (run) => median(await Array.from({ length: RUNS }).reduce(async (all) => [...(await all), await run()], []));

const ends = [];
const owner = { after: (end) => ends.unshift(end) };
try {
  const bytes = async (name) => (await readFile(dist(name))).length;
  console.log(`JavaScript   isojot.js ${await kB(dist("isojot.js"))} kB, worker.js ${await kB(dist("worker.js"))} kB more; appwrite: sdk.js ${await kB(official("iife/sdk.js"))} kB`);
  console.log(`WebAssembly  isojot.wasm ${Math.round((await bytes("isojot.wasm.br")) / 1000)} kB, ${((await bytes("isojot.wasm")) / 1e6).toFixed(1)} MB unpacked`);

  const { url } = await startIsojot(owner);
  const browser = await startChromium(owner);
  console.log(`Chromium     ${browser.version()}: init() ${await repeat(() => inPage(browser, url))} ms`);
  console.log(`Node         ${process.version}: init() ${await repeat(inNode)} ms`);
} finally {
  for (const end of ends) await end();
}

// A profile without a cache, and a document of the server's origin, so that the
// files come as it sends them.
async function inPage(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/v1/ping`);
  const took = await page.evaluate(async () => {
    const { init } = await import("/isojot.mjs");
    const began = performance.now();
    await init();
    return performance.now() - began;
  });
  await context.close();
  return took;
}

async function inNode() {
  const path = createRequire(import.meta.url).resolve(dist("isojot.cjs"));
  const code = `const { init } = require(${JSON.stringify(path)}); const began = performance.now(); init().then(() => console.log(performance.now() - began));`;
  return Number((await promisify(execFile)(process.execPath, ["-e", code])).stdout);
}
