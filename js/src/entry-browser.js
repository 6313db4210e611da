import makeGo from "isojot:wasm_exec";

import { definePackage } from "./package.js";

export const {
  Account, AppwriteException, Client, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Functions, Graphql, ID,
  Permission, Query, Role, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
} = definePackage({
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  // In these very words: bundlers look for them to emit the file as an asset.
  defaultURL: () => new URL("./isojot.wasm", import.meta.url).href,
});
