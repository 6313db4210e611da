import { pathToFileURL } from "node:url";

import makeGo from "isojot:wasm_exec";

import { functionClients } from "./server/functionclient.js";
import { nodeFiles } from "./server/nodefiles.js";
import { definePackage } from "./package.js";
import { serverClients } from "./server/serverclient.js";

// Rather than exports, of which esbuild makes properties by a descriptor and a
// loop that take what somebody has put on Object.prototype for theirs. Node finds
// the names in the object below.
const {
  Account, AppwriteException, Client, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Functions, Graphql, ID,
  Permission, Query, Role, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
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

module.exports = {
  Account, AppwriteException, Client, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Functions, Graphql, ID,
  Permission, Query, Role, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
};
Object.defineProperty(module.exports, "__esModule", { __proto__: null, value: true });
