import makeGo from "isojot:wasm_exec";

import { definePackage } from "./package.js";
import { Account, Functions } from "./pages.js";
import { given } from "./shared/members.js";
import { WorkerEngine } from "./engine/worker/workerengine.js";

// For those who require() and ask for the build of a page: tests that emulate
// one under Node (Jest with jsdom), React Native, and bundlers that know no ES
// modules. What is emulated under Node has its files, which no require() names
// here: bundlers would look for it.
const builtin = (name) => given(globalThis, "process")?.getBuiltinModule?.(name);
const files = builtin("node:fs/promises");
const script = typeof document === "undefined" ? null : document.currentScript;

function beside(name) {
  if (files) return builtin("node:path").join(__dirname, name);
  const place = script?.src || globalThis.location?.href;
  if (place) return new URL(name, place).href;
  throw new Error("a CommonJS module has no address");
}

const platform = {
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  format: "2.3.0",
  global: globalThis,
  services: { Account, Functions },
  defaultURL: () => beside("isojot.wasm"),
  workerURL: () => beside("worker.js"),
  workerEngine: (options) => new WorkerEngine(platform, options),
  ...(files && { localPath: (url) => (/^(https?|data|blob):/i.test(url) ? undefined : url), readFile: (path) => files.readFile(path) }),
};

export * from "./pages.js";
export const { Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats } = definePackage(platform);
