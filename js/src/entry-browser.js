import makeGo from "isojot:wasm_exec";

import { definePackage } from "./package.js";
import { WorkerEngine } from "./engine/worker/workerengine.js";

const platform = {
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  // In these very words: bundlers look for them to emit the files as assets.
  defaultURL: () => new URL("./isojot.wasm", import.meta.url).href,
  workerURL: () => new URL("./worker.js", import.meta.url).href,
  workerEngine: (options) => new WorkerEngine(platform, options),
};

export const {
  Account, AppwriteException, Channel, Client, Condition, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger,
  Functions, Graphql, ID, Operator, Permission, Query, Role, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
} = definePackage(platform);
