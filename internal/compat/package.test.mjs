// The packed tarball, looked at as bundlers, Node and TypeScript do.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { root } from "./support/isojot.mjs";
import { installPacked } from "./support/packed.mjs";

const run = promisify(execFile);
const ends = [];
let dir, tarball, installed;

before(async () => {
  ({ dir, tarball, installed } = await installPacked({ after: (end) => ends.push(end) }));
});
after(() => Promise.all(ends.map((end) => end())));

const ofPackage = (path, ...as) => readFile(join(installed, path), ...as);

test("publint has nothing to say, not even a suggestion", async () => {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }, strict: true });
  assert.equal(pkg.name, "isojot");
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("the types are right for every way of resolving modules", async () => {
  const attw = join(root, "internal", "compat", "node_modules", ".bin", "attw");
  const { stdout } = await run(attw, [tarball, "--format", "json"], { env: { ...process.env, NO_COLOR: "1" } });
  const { analysis } = JSON.parse(stdout);
  assert.deepEqual(analysis.problems, []);
  const { entrypoints } = analysis;
  assert.deepEqual(Object.keys(entrypoints).sort(), [".", "./isojot.wasm", "./node", "./package.json", "./worker.js"]);
  for (const entry of [".", "./node"]) {
    const ways = Object.values(entrypoints[entry].resolutions);
    assert.deepEqual(ways.map(({ resolution }) => Boolean(resolution?.isTypeScript)), [true, true, true, true], entry);
  }
});

/** What each runtime and bundler gets, by the conditions that it sets. */
const CONDITIONS = [
  ["workerd", "isojot.edge.mjs", "isojot.edge.mjs"],
  ["edge-light", "isojot.edge.mjs", "isojot.edge.mjs"],
  ["deno", "isojot.node.mjs", "isojot.node.mjs"],
  ["bun", "isojot.node.mjs", "isojot.cjs"],
  ["browser", "isojot.mjs", "isojot.browser.cjs"],
  ["react-native", "isojot.browser.cjs", "isojot.browser.cjs"],
  ["node", "isojot.node.mjs", "isojot.cjs"],
];

/** The conditions of pages, whose types have what pages may do. */
const PAGES = ["browser", "react-native"];

for (const [condition, imported, required] of CONDITIONS) {
  test(`the condition ${condition} gives the build for it, with types beside`, async () => {
    const code = `import { createRequire } from "node:module";
      const { resolve } = createRequire(${JSON.stringify(join(dir, "x.js"))});
      console.log(JSON.stringify([import.meta.resolve("isojot"), resolve("isojot")].map((path) => path.split("/").pop())));`;
    const { stdout } = await run(process.execPath, [`--conditions=${condition}`, "--input-type=module", "-e", code], { cwd: dir });
    assert.deepEqual(JSON.parse(stdout), [imported, required]);
    const { exports } = JSON.parse(await ofPackage("package.json", "utf8"));
    for (const entry of leaves(exports["."][condition])) {
      assert.deepEqual(Object.keys(entry), ["types", "default"]); // the first that fits is taken
      assert.match(entry.types, PAGES.includes(condition) ? /^\.\/index\.d\.m?ts$/ : /^\.\/node\.d\.m?ts$/);
      assert.equal(/\.mts$/.test(entry.types), /\.mjs$/.test(entry.default));
      assert.ok((await ofPackage(entry.types)).length > 0);
    }
  });
}

test("isojot/node is what each server gets of isojot, for those whose TypeScript resolves as for pages", async () => {
  for (const condition of CONDITIONS.map(([name]) => name).filter((name) => !PAGES.includes(name))) {
    const code = `import { createRequire } from "node:module";
      const { resolve } = createRequire(${JSON.stringify(join(dir, "x.js"))});
      console.log(JSON.stringify(["isojot", "isojot/node"].map((name) => [import.meta.resolve(name), resolve(name)])));`;
    const { stdout } = await run(process.execPath, [`--conditions=${condition}`, "--input-type=module", "-e", code], { cwd: dir });
    const [isojot, node] = JSON.parse(stdout);
    assert.deepEqual(node, isojot, condition);
  }
});

const leaves = (entry) => (entry.default ? [entry] : Object.values(entry).flatMap(leaves));

test("what is for browsers and edges imports nothing and names no module of Node", async () => {
  for (const file of ["isojot.mjs", "isojot.edge.mjs", "isojot.js", "isojot.browser.cjs"]) {
    // What only runs where Node is has its modules by another way than bundlers follow.
    const code = (await ofPackage(`dist/${file}`, "utf8")).replace(/\b\w+\("node:(fs\/promises|path)"\)/g, "builtin");
    assert.doesNotMatch(code, /["']node:|\brequire\(|\bfrom ?["']|\bimport ?["'(]/, file);
  }
});

test("every build has a source map of this package's sources, with their text", async () => {
  for (const file of ["isojot.mjs", "isojot.node.mjs", "isojot.edge.mjs", "isojot.cjs", "isojot.browser.cjs", "isojot.js"]) {
    const [, name] = (await ofPackage(`dist/${file}`, "utf8")).match(/\/\/# sourceMappingURL=(\S+)\s*$/);
    const { sources, sourcesContent } = JSON.parse(await ofPackage(`dist/${name}`, "utf8"));
    assert.ok(sources.some((source) => source.endsWith("src/api/client.js")), file);
    assert.equal(sourcesContent.filter(Boolean).length, sources.length, file);
  }
});

test("the program is there compressed too, and each of them is the same program", async () => {
  const program = await ofPackage("dist/isojot.wasm");
  assert.ok(brotliDecompressSync(await ofPackage("dist/isojot.wasm.br")).equals(program));
  assert.ok(gunzipSync(await ofPackage("dist/isojot.wasm.gz")).equals(program));
});

test("integrity.json has the hashes of what pages load", async () => {
  const hashes = JSON.parse(await ofPackage("dist/integrity.json", "utf8"));
  assert.deepEqual(Object.keys(hashes).sort(), ["isojot.js", "isojot.mjs", "isojot.wasm"]);
  for (const [name, hash] of Object.entries(hashes)) {
    assert.equal(hash, `sha384-${createHash("sha384").update(await ofPackage(`dist/${name}`)).digest("base64")}`, name);
  }
});

test("a program of TypeScript compiles against it, as ESM and as CommonJS, and imports the WebAssembly", async () => {
  const source = `import { Account, AppwriteException, Client, init, type Models } from "isojot";
    import wasm from "isojot/isojot.wasm";
    export const load = async (): Promise<void> => { await init({ wasmURL: wasm }); await init({ wasmModule: wasm }); };
    export const get = (): Promise<Models.User> => new Account(new Client()).get();
    export const is = (error: unknown): boolean => error instanceof AppwriteException;
    // @ts-expect-error: a provider is one of OAuthProvider
    export const no = () => new Account(new Client()).createOAuth2Session({ provider: "github" });`;
  const server = (module) => `import { Client, InputFile, Users, type Models } from ${JSON.stringify(module)};
    export const list = (): Promise<Models.UserList> => new Users(new Client().setKey("k")).list();
    export const file: InputFile = InputFile.fromPlainText("a", "a.txt");`;
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, target: "es2022", lib: ["es2022", "dom"], types: [], esModuleInterop: true };
  const bundler = { module: "esnext", moduleResolution: "bundler" };
  for (const [file, options, text] of [
    ["esm.mts", { module: "nodenext" }, source],
    ["cjs.cts", { module: "nodenext" }, source],
    ["bundled.ts", bundler, source],
    ["server.mts", { module: "nodenext" }, server("isojot")],
    ["server.cts", { module: "nodenext" }, server("isojot")],
    ["server.ts", bundler, server("isojot/node")],
    ["page.ts", bundler, `// @ts-expect-error: pages have none\n${server("isojot").replace(/\n[^]*/, "")}`],
  ]) {
    await writeFile(join(dir, file), text);
    const config = join(dir, `tsconfig.${file}.json`);
    await writeFile(config, JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files: [file] }));
    await run(join(root, "internal", "compat", "node_modules", ".bin", "tsc"), ["-p", config]).catch(({ stdout }) => assert.fail(`${file}: ${stdout}`));
  }
});
