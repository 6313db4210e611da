import makeGo from "isojot:wasm_exec";

import { defineInputFile } from "./server/inputfile.js";
import { definePackage } from "./package.js";
import { serverPlatform } from "./server/serverplatform.js";

// For runtimes of servers that have no files and may not compile, such as
// Workers: they take the WebAssembly from init({ wasmModule }).
export * from "./servers.js";
export const InputFile = /* @__PURE__ */ defineInputFile({});
export const { Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats } = definePackage({
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  defaultURL: () => new URL("./isojot.wasm", import.meta.url).href,
  ...serverPlatform,
  apart: true,
});
