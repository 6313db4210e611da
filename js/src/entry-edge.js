import makeGo from "isojot:wasm_exec";

import { functionClients } from "./server/functionclient.js";
import { definePackage } from "./package.js";
import { serverClients } from "./server/serverclient.js";

// For runtimes of servers that have no files and may not compile, such as
// Workers: they take the WebAssembly from init({ wasmModule }).
export const {
  Account, AppwriteException, Channel, Client, Condition, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger,
  Functions, Graphql, ID, Operator, Permission, Query, Role, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
} = definePackage({
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  defaultURL: () => new URL("./isojot.wasm", import.meta.url).href,
  functionClients,
  serverClients,
  apart: true,
});
