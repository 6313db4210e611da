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
  // In these very words: @vercel/nft, by which Nitro and others find the files
  // that a server needs, follows a URL that something is called with.
  defaultURL: () => String(new URL("./isojot.wasm", import.meta.url)),
  ...nodeFiles,
  functionClients,
  serverClients,
});
