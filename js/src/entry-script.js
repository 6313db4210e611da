import makeGo from "isojot:wasm_exec";

import { definePackage } from "./package.js";

// Known only while the script runs. A worker's importScripts has none.
const script = typeof document === "undefined" ? null : document.currentScript;

export const {
  Account, AppwriteException, Client, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Functions, Graphql, ID,
  Permission, Query, Role, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
} = definePackage({
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  defaultURL: () => new URL("isojot.wasm", script?.src || globalThis.location.href).href,
});
