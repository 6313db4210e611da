import makeGo from "isojot:wasm_exec";

import { definePackage } from "./package.js";
import { pagePlatform } from "./pageplatform.js";
// begin imports: go run ./internal/gen
import {
  Account, AppwriteException, AuthenticationFactor, AuthenticatorType, Avatars, Browser, BrowserPermission, BrowserTheme, Channel,
  Condition, CreditCard, Databases, DocumentsDB, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Flag,
  Functions, Graphql, ID, IdTokenProvider, ImageFormat, ImageGravity, Locale, Messaging, OAuthProvider, Operator, Organization,
  Permission, Presences, Query, Realtime, Role, Storage, TablesDB, Teams, Timezone, VectorsDB,
} from "./pages.js";
// end imports

// Known only while the script runs. A worker's importScripts has none.
const script = typeof document === "undefined" ? null : document.currentScript;

const beside = (name) => new URL(name, script?.src || globalThis.location.href).href;
const platform = pagePlatform({
  makeGo,
  defaultURL: () => beside("isojot.wasm"),
  workerURL: () => beside("worker.js"),
});

// Rather than an export, of which esbuild makes properties by a descriptor and a
// loop that take what a page has put on Object.prototype for theirs.
globalThis.isojot = {
  // begin names: go run ./internal/gen
  Account, AppwriteException, AuthenticationFactor, AuthenticatorType, Avatars, Browser, BrowserPermission, BrowserTheme, Channel,
  Condition, CreditCard, Databases, DocumentsDB, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Flag,
  Functions, Graphql, ID, IdTokenProvider, ImageFormat, ImageGravity, Locale, Messaging, OAuthProvider, Operator, Organization,
  Permission, Presences, Query, Realtime, Role, Storage, TablesDB, Teams, Timezone, VectorsDB,
  // end names
  ...definePackage(platform),
};
