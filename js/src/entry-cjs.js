import { pathToFileURL } from "node:url";

import makeGo from "isojot:wasm_exec";

import { functionClients } from "./server/functionclient.js";
import { nodeFiles } from "./server/nodefiles.js";
import { definePackage } from "./package.js";
import { serverClients } from "./server/serverclient.js";

export const {
  Account, AppwriteException, Channel, Client, Condition, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger,
  Functions, Graphql, ID, Operator, Permission, Query, Role, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
} = definePackage({
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  // As in entry-node.js; CommonJS has no import.meta.
  defaultURL: () => String(new URL("./isojot.wasm", pathToFileURL(__filename))),
  ...nodeFiles,
  functionClients,
  serverClients,
});
