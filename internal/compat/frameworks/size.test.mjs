// What a page loads of the package: no more for who uses accounts alone than before
// there was anything else, and less for all of it than of the official package.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { root } from "../support/isojot.mjs";

// The bytes of a page with Client and Account when the package had these alone,
// Functions and Graphql, minified. It may have become two percent more.
const BEFORE = { esbuild: 50_641, vite: 50_070 };
const ALLOWED = 1.02;

const ACCOUNT = `import { Account, Client } from "isojot";
const account = new Account(new Client().setEndpoint("http://x/v1").setProject("p"));
account.get().then(console.log);
`;
const ALL = (name) => `import * as all from ${JSON.stringify(name)};\nglobalThis.all = all;\n`;

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), "isojot-size-"))));
after(() => rm(folder, { recursive: true, force: true }));

const alias = { isojot: join(root, "js", "dist", "isojot.mjs"), appwrite: join(root, "internal", "compat", "node_modules", "appwrite", "dist", "esm", "sdk.js") };

async function byEsbuild(code) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: code, resolveDir: folder }, bundle: true, minify: true, write: false, format: "esm", platform: "browser", alias, outdir: folder, loader: { ".wasm": "file" },
  });
  return outputFiles.find(({ path }) => path.endsWith(".js")).text;
}

async function byVite(code) {
  await writeFile(join(folder, "page.js"), code);
  const { output } = await vite.build({
    root: folder, configFile: false, logLevel: "error", resolve: { alias },
    build: { write: false, modulePreload: false, target: "es2022", rollupOptions: { input: join(folder, "page.js") } },
  });
  return output.find(({ type, isEntry }) => type === "chunk" && isEntry).code;
}

for (const [name, bundle] of [["esbuild", byEsbuild], ["vite", byVite]]) {
  test(`${name}: a page of accounts is no larger than it was`, async () => {
    const { length } = Buffer.from(await bundle(ACCOUNT));
    const most = Math.floor(BEFORE[name] * ALLOWED);
    console.log(`${name}: ${length} bytes of ${most}`);
    assert.ok(length <= most, `${length} bytes, more than ${most}`);
  });

  test(`${name}: what a page does not import is left out`, async () => {
    const code = await bundle(ACCOUNT);
    assert.ok(code.includes("/recovery-codes"), "Account is there");
    for (const odd of ["/subscribers", "listDocuments", "listRows", "/continents", "Afghanistan", "notSearch", "arrayUnique"]) assert.ok(!code.includes(odd), odd);
    const teams = await bundle(ACCOUNT.replace("{ Account,", "{ Teams as Account,").replace(".get()", ".list()"));
    assert.ok(teams.includes("/memberships") && !teams.includes("listRows"));
  });
}

test("all of the package is no larger than all of the official one", async () => {
  const [ours, theirs] = (await Promise.all([byEsbuild(ALL("isojot")), byEsbuild(ALL("appwrite"))])).map((code) => Buffer.from(code).length);
  console.log(`all: ${ours} bytes, of the official package ${theirs}`);
  assert.ok(ours <= theirs, `${ours} bytes`);
});
