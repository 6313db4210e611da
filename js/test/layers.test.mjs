import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../src/", import.meta.url));

// What the files of each folder may import besides each other. Keep
// js/src/README.md in step. "" is js/src itself: the entries and package.js.
const MAY_IMPORT = {
  shared: [],
  engine: ["shared"],
  "engine/worker": ["engine", "shared"],
  api: ["engine", "shared"],
  server: ["api", "engine", "shared"],
  "": ["api", "engine", "engine/worker", "server", "shared"],
};

function filesOf(dir = "") {
  const entries = readdirSync(path.join(SRC, dir), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const name = path.posix.join(dir, entry.name);
    if (entry.isDirectory()) return filesOf(name);
    return name.endsWith(".js") ? [name] : [];
  });
}

// The files of ours that a file imports, below js/src.
function importsOf(file) {
  const text = readFileSync(path.join(SRC, file), "utf8");
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']*)["']/g);
  return Array.from(found, ([, name]) => path.posix.join(folderOf(file), name));
}

function folderOf(file) {
  const dir = path.posix.dirname(file);
  return dir === "." ? "" : dir;
}

const graph = new Map(filesOf().map((file) => [file, importsOf(file)]));

test("each folder imports only what it may", () => {
  for (const [file, imports] of graph) {
    const own = folderOf(file);
    assert.ok(own in MAY_IMPORT, `${file}: say in this test what the files of ${own}/ may import`);
    for (const imported of imports) {
      assert.ok(graph.has(imported), `${file} imports ${imported}, which is not there`);
      const folder = folderOf(imported);
      assert.ok(folder === own || MAY_IMPORT[own].includes(folder), `${file} must not import ${imported}`);
    }
  }
});

// The files that one loads, however far away they are.
function loadedBy(file, imports = graph) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    imports.get(name).forEach(visit);
  };
  visit(file);
  return [...seen];
}

// What a page's file, or its worker's, loads and must not.
function faultsOf(entry, imports = graph) {
  const apart = entry === "entry-worker.js" ? ["server", "api"] : ["server"];
  return loadedBy(entry, imports).filter((file) => apart.includes(folderOf(file)));
}

test("a page loads nothing of what is for servers", () => {
  for (const entry of ["entry-browser.js", "entry-script.js", "entry-worker.js"]) {
    assert.deepEqual(faultsOf(entry), [], `${entry} loads files of another side`);
    for (const below of loadedBy(entry).filter((file) => file !== entry)) {
      const planted = new Map(graph).set(below, [...graph.get(below), "server/cookies.js"]);
      assert.ok(faultsOf(entry, planted).includes("server/cookies.js"), `an import planted in ${below} is not found`);
    }
  }
  assert.ok(faultsOf("entry-node.js").includes("server/serverclient.js"));
});

test("a page loads what runs inside its worker with the worker alone", () => {
  for (const entry of ["entry-browser.js", "entry-script.js"]) assert.ok(!loadedBy(entry).includes("engine/worker/workerhost.js"), entry);
  assert.ok(loadedBy("entry-worker.js").includes("engine/worker/workerhost.js"));
});

test("no file imports itself by way of others", () => {
  const done = new Set();
  const visit = (file, trail) => {
    assert.ok(!trail.includes(file), [...trail, file].join(" -> "));
    if (done.has(file)) return;
    graph.get(file).forEach((imported) => visit(imported, [...trail, file]));
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});

test("the imports are found", () => {
  assert.deepEqual(importsOf("shared/flatten.js"), []);
  assert.ok(graph.get("package.js").includes("api/client.js"));
  assert.ok(graph.get("engine/worker/workerengine.js").includes("engine/source.js"));
});
