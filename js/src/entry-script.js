import makeGo from "isojot:wasm_exec";

import { WorkerEngine } from "./engine/worker/workerengine.js";
import { definePackage } from "./package.js";
import { Account, Functions } from "./pages.js";

// Known only while the script runs. A worker's importScripts has none.
const script = typeof document === "undefined" ? null : document.currentScript;

const beside = (name) => new URL(name, script?.src || globalThis.location.href).href;
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
};

export * from "./pages.js";
export const { Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats } = definePackage(platform);
