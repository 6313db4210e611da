// Runs a Go test binary compiled to WebAssembly in headless Chromium:
//
//   node internal/compat/gotest.mjs BINARY [-test.run=Pattern ...]
//
// The page reads the files of the working directory, and has the variables
// that begin with ISOJOT_. The exit code is the tests', and 1 where none ran.
// Their servers are those of internal/testpeer/run: `make test-wasm-browser`.
import { execFileSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { newPage, startChromium } from "./support/chromium.mjs";
import { startPages } from "./support/pages.mjs";

// As long as `go test` gives them.
const TIMEOUT = 600_000;

async function main(binary, flags, owner) {
  const base = await serve(binary, owner);
  const browser = await startChromium(owner);
  const page = await newPage(browser);
  let output = "";
  const code = new Promise((resolve) => {
    page.once("crash", () => resolve("the page crashed"));
    page.exposeFunction("goEnded", resolve);
    setTimeout(resolve, TIMEOUT, "no end in time").unref();
  });
  await page.exposeFunction("goWrote", (text) => void (output += text));
  await page.addInitScript((program) => (globalThis.goProgram = program), {
    argv: [binary, "-test.v", "-test.paniconexit0", ...flags],
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("ISOJOT_"))),
      ISOJOT_TEST_BROWSER: "Chromium",
    },
  });
  await page.goto(base);
  return report(await code, output, page.problems, `Chromium ${browser.version()}`);
}

// Says what came of it; the output only where something failed, as `go test` does.
function report(code, output, problems, where) {
  const count = (pattern) => output.match(pattern)?.length ?? 0;
  const [run, passed, skipped] = [/^=== RUN /gm, /^ *--- PASS: /gm, /^ *--- SKIP: /gm].map(count);
  if (code === 0 && run > 0 && passed + skipped === run && problems.length === 0) {
    console.log(`ok: ${passed} tests passed in ${where}, ${skipped} were skipped`);
    return 0;
  }
  console.log(output);
  console.error(`FAIL in ${where}: ${run} tests were run, ${passed} passed, exit code ${code}. ${problems.join("\n")}`);
  return typeof code === "number" && code > 0 ? code : 1;
}

async function serve(binary, owner) {
  const goroot = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const pages = {
    "/": { type: "text/html", body: '<!doctype html><meta charset="utf-8"><title>go test</title><script type="module" src="/gotest/page.mjs"></script>' },
    "/test.wasm": { type: "application/wasm", body: await readFile(binary) },
    "/file": (request) => file(request.headers["x-path"]),
  };
  const folders = { "/go/": join(goroot, "lib", "wasm"), "/gotest/": fileURLToPath(new URL("gotest", import.meta.url)) };
  return startPages(owner, pages, "localhost", folders);
}

// A file of the working directory, or the names in a folder of it.
async function file(path) {
  const full = resolve(decodeURIComponent(path));
  if (full !== process.cwd() && !full.startsWith(process.cwd() + sep)) return { status: 403, type: "text/plain" };
  const found = await stat(full).catch(() => null);
  if (!found) return { status: 404, type: "text/plain" };
  if (found.isDirectory()) return { type: "application/json", body: JSON.stringify(await readdir(full)) };
  return { type: "application/octet-stream", body: await readFile(full) };
}

const ends = [];
try {
  const [binary, ...flags] = process.argv.slice(2);
  if (!binary) throw new Error("give the path of a test binary: see the head of this file");
  process.exitCode = await main(binary, flags, { after: (end) => ends.unshift(end) });
} finally {
  for (const end of ends) await end();
}
