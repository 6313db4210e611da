import makeGo from "isojot:wasm_exec";

import { newWorkerEngine } from "./engine/worker/workerengine.js";
import { definePackage } from "./package.js";
import { Account, Functions } from "./pages.js";

const platform = {
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  format: "2.3.0",
  global: globalThis,
  services: { Account, Functions },
  // In these very words: bundlers look for them to emit the files as assets.
  defaultURL: () => new URL("./isojot.wasm", import.meta.url).href,
  workerURL: () => new URL("./worker.js", import.meta.url).href,
  workerEngine: (options) => newWorkerEngine(platform, options),
};

export * from "./pages.js";
export const { Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats } = definePackage(platform);
