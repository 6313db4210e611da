import makeGo from "isojot:wasm_exec";

import { definePackage } from "./package.js";
import { pagePlatform } from "./pageplatform.js";

const platform = pagePlatform({
  makeGo,
  // In these very words: bundlers look for them to emit the files as assets.
  defaultURL: () => new URL("./isojot.wasm", import.meta.url).href,
  workerURL: () => new URL("./worker.js", import.meta.url).href,
});

export * from "./pages.js";
export const { Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats } = definePackage(platform);
