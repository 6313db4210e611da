import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import makeGo from "isojot:wasm_exec";

import { functionClients } from "./functionclient.js";
import { definePackage } from "./package.js";
import { serverClients } from "./serverclient.js";

export const {
  Account, AppwriteException, Client, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Functions, Graphql, ID,
  Permission, Query, Role, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
} = definePackage({
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  // The CommonJS build is given a meaning for import.meta.url.
  defaultURL: () => new URL("./isojot.wasm", import.meta.url).href,
  localPath,
  readFile,
  functionClients,
  serverClients,
});

// Node's fetch knows no file: URLs. Whatever is no URL of the web is a path.
function localPath(url) {
  if (/^(https?|data|blob):/i.test(url)) return undefined;
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}
