// The page of gotest.mjs: runs the Go program and tells how it ended. Go gets a
// global object of its own, as from the npm package's loader: with this page's
// own functions, but without what tells that cookies are kept. What the tests
// expect is what holds without; the tests of the npm package hold the rest.
import { newFiles } from "./files.mjs";

const { goWrote, goEnded, goProgram } = globalThis;
const NAMES = [
  "Object", "Array", "Promise", "Reflect", "String", "Error", "TypeError", "Uint8Array", "Date", "Headers", "JSON", "Function", "Map",
  "AbortController", "DOMException", "WebAssembly", "crypto", "performance", "TextEncoder", "TextDecoder", "console",
];

function scope() {
  const own = { fs: newFiles(goWrote) };
  for (const name of NAMES) own[name] = globalThis[name];
  for (const name of ["fetch", "setTimeout", "clearTimeout"]) own[name] = globalThis[name].bind(globalThis);
  return own;
}

// wasm_exec.js takes what it needs of the global object, and puts Go there.
async function load() {
  const source = await (await fetch("/go/wasm_exec.js")).text();
  const own = scope();
  new Function("globalThis", "fs", source)(own, own.fs);
  return own.Go;
}

try {
  const Go = await load();
  const go = new Go();
  let code = 0;
  Object.assign(go, goProgram, { exit: (given) => (code = given) });
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/test.wasm"), go.importObject);
  await go.run(instance);
  await goEnded(code);
} catch (error) {
  await goEnded(`${error}\n${error.stack}`);
}
