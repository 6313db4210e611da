// The package as a user gets it: packed, installed without a network, loaded.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { dist, run, runNode } from "./support.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SUPPORT = new URL("support.mjs", import.meta.url).href;
const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel=error"];
let dir, files, manifest;

before(async () => {
  dist("isojot.wasm");
  dir = await mkdtemp(join(tmpdir(), "isojot-pack-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", dir, ...QUIET], { cwd: ROOT });
  const [packed] = JSON.parse(stdout);
  files = packed.files.map(({ path }) => path);
  await writeFile(join(dir, "package.json"), '{"private":true}');
  await run("npm", ["install", "--offline", ...QUIET, join(dir, packed.filename)], { cwd: dir });
  manifest = JSON.parse(await readFile(join(dir, "node_modules/isojot/package.json"), "utf8"));
});

after(() => rm(dir, { recursive: true, force: true }));

// Every path below a value of package.json, however deep its conditions go.
function paths(value) {
  if (typeof value === "string") return [value.replace(/^\.\//, "")];
  return Object.values(value).flatMap(paths);
}

async function inPackage(code, type) {
  const { stdout, stderr, exitCode } = await runNode(code, { type, cwd: dir });
  assert.deepEqual([exitCode, stderr], [0, ""]);
  return stdout.trim();
}

test("every file that package.json declares is in the tarball", () => {
  const { main, module, types, jsdelivr, unpkg, exports } = manifest;
  for (const path of paths({ main, module, types, jsdelivr, unpkg, exports })) assert.ok(files.includes(path), `${path} is missing`);
  for (const path of ["README.md", "LICENSE"]) assert.ok(files.includes(path), `${path} is missing`);
});

test("nothing but the package is in the tarball", () => {
  const odd = files.filter((path) => !/^(dist\/(isojot|worker)\.[\w.]+|dist\/integrity\.json|(index|node)\.d\.m?ts|(isojot\.wasm|worker)\.d\.ts|package\.json|README\.md|LICENSE)$/.test(path));
  assert.deepEqual(odd, []);
});

test("it depends on nothing and runs no script when it is installed", () => {
  const { dependencies, peerDependencies, optionalDependencies, scripts = {} } = manifest;
  assert.deepEqual([dependencies, peerDependencies, optionalDependencies], [undefined, undefined, undefined]);
  assert.deepEqual(Object.keys(scripts).filter((name) => /install|prepare/.test(name)), []);
});

test("the version is the Go module's", async () => {
  const go = await readFile(join(ROOT, "../version.go"), "utf8");
  assert.equal(go.match(/Version = "(.+)"/)[1], manifest.version);
});

const TOKEN = `"e30.x.y"`;

test("require loads the CommonJS build and its WebAssembly", async () => {
  const code = `const { Client, decodeJWT, preload } = require("isojot");
    preload().then(() => decodeJWT(${TOKEN})).catch((error) => console.log(typeof Client, error.type));`;
  assert.equal(await inPackage(code, "commonjs"), "function client_token_malformed");
});

test("import loads the ES module and its WebAssembly", async () => {
  const code = `import { Client, decodeJWT, preload } from "isojot";
    await preload();
    await decodeJWT(${TOKEN}).catch((error) => console.log(typeof Client, error.type));`;
  assert.equal(await inPackage(code, "module"), "function client_token_malformed");
});

test("decodeJWT() reads and refuses what Go does, also as it is installed", async () => {
  const check = `checkTokenVectors(decodeJWT).then((count) => console.log(count))`;
  const esm = `import { decodeJWT } from "isojot"; import { checkTokenVectors } from ${JSON.stringify(SUPPORT)}; await ${check};`;
  const cjs = `const { decodeJWT } = require("isojot"); import(${JSON.stringify(SUPPORT)}).then(({ checkTokenVectors }) => ${check});`;
  assert.ok(Number(await inPackage(esm, "module")) > 40);
  assert.ok(Number(await inPackage(cjs, "commonjs")) > 40);
});

test("the WebAssembly, the worker and package.json are exported, other files are not", async () => {
  const code = `const resolve = (path) => { try { return require.resolve(path).replaceAll("\\\\", "/").split("/isojot/").pop(); } catch (error) { return error.code; } };
    console.log(JSON.stringify(["isojot/isojot.wasm", "isojot/worker.js", "isojot/package.json", "isojot/dist/isojot.cjs"].map(resolve)));`;
  assert.deepEqual(JSON.parse(await inPackage(code, "commonjs")), ["dist/isojot.wasm", "dist/worker.js", "package.json", "ERR_PACKAGE_PATH_NOT_EXPORTED"]);
});
