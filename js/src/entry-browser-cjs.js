import makeGo from "isojot:wasm_exec";

import { definePackage } from "./package.js";
import { pagePlatform } from "./pageplatform.js";
import { given } from "./shared/members.js";
// begin imports: go run ./internal/gen
import {
  Account, AppwriteException, AuthenticationFactor, AuthenticatorType, Avatars, Browser, BrowserPermission, BrowserTheme, Channel,
  Condition, CreditCard, Databases, DocumentsDB, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Flag,
  Functions, Graphql, ID, IdTokenProvider, ImageFormat, ImageGravity, Locale, Messaging, OAuthProvider, Operator, Organization,
  Permission, Presences, Query, Realtime, Role, Storage, TablesDB, Teams, Timezone, VectorsDB,
} from "./pages.js";
// end imports

// For those who require() and ask for the build of a page: tests that emulate
// one under Node (Jest with jsdom), React Native, and bundlers that know no ES
// modules. What is emulated under Node has its files, which no require() names
// here: bundlers would look for it.
const builtin = (name) => given(globalThis, "process")?.getBuiltinModule?.(name);
const files = builtin("node:fs/promises");
const script = typeof document === "undefined" ? null : document.currentScript;

function beside(name) {
  if (files) return builtin("node:path").join(__dirname, name);
  const place = script?.src || globalThis.location?.href;
  if (place) return new URL(name, place).href;
  throw new Error("a CommonJS module has no address");
}

const platform = pagePlatform({
  makeGo,
  defaultURL: () => beside("isojot.wasm"),
  workerURL: () => beside("worker.js"),
  ...(files && { localPath: (url) => (/^(https?|data|blob):/i.test(url) ? undefined : url), readFile: (path) => files.readFile(path) }),
});

// Rather than exports, of which esbuild makes properties by a descriptor and a
// loop that take what somebody has put on Object.prototype for theirs. Node finds
// the names in the object below.
const { Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats } = definePackage(platform);

module.exports = {
  // begin names: go run ./internal/gen
  Account, AppwriteException, AuthenticationFactor, AuthenticatorType, Avatars, Browser, BrowserPermission, BrowserTheme, Channel,
  Condition, CreditCard, Databases, DocumentsDB, ExecutionMethod, ExecutionResourceType, ExecutionStatus, ExecutionTrigger, Flag,
  Functions, Graphql, ID, IdTokenProvider, ImageFormat, ImageGravity, Locale, Messaging, OAuthProvider, Operator, Organization,
  Permission, Presences, Query, Realtime, Role, Storage, TablesDB, Teams, Timezone, VectorsDB,
  // end names
  Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats,
};
Object.defineProperty(module.exports, "__esModule", { __proto__: null, value: true });
