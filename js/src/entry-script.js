import makeGo from "isojot:wasm_exec";

import { definePackage } from "./package.js";
import { WorkerEngine } from "./engine/worker/workerengine.js";

// Known only while the script runs. A worker's importScripts has none.
const script = typeof document === "undefined" ? null : document.currentScript;

const beside = (name) => new URL(name, script?.src || globalThis.location.href).href;
const platform = {
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  defaultURL: () => beside("isojot.wasm"),
  workerURL: () => beside("worker.js"),
  workerEngine: (options) => new WorkerEngine(platform, options),
};

// Rather than an export, of which esbuild makes properties by a descriptor and a
// loop that take what a page has put on Object.prototype for theirs.
globalThis.isojot = definePackage(platform);
