import { pathToFileURL } from "node:url";

import makeGo from "isojot:wasm_exec";

import { nodeFiles } from "./server/nodefiles.js";
import { defineInputFile } from "./server/inputfile.js";
import { definePackage } from "./package.js";
import { serverPlatform } from "./server/serverplatform.js";

export * from "./servers.js";
export const InputFile = /* @__PURE__ */ defineInputFile(nodeFiles);
export const { Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats } = definePackage({
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  // As in entry-node.js; CommonJS has no import.meta.
  defaultURL: () => String(new URL("./isojot.wasm", pathToFileURL(__filename))),
  ...nodeFiles,
  ...serverPlatform,
});
