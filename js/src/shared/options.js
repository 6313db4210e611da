import { failure } from "./exception.js";
import { has, own } from "./members.js";

const OPTIONS = ["wasmURL", "wasmModule", "worker", "workerURL", "scope"];
const SCOPE = ["now", "performance", "setTimeout", "clearTimeout", "fetch"];
// Go sets timers by one clock and looks at the other when they fire: with only
// one of them replaced it would wait forever, in a loop that blocks the page.
const TIMERS = ["performance", "setTimeout", "clearTimeout"];

/** Checks the options of init() and copies them; throws an AppwriteException that names the bad one. */
export function checkedOptions(options) {
  const { wasmURL, wasmModule, worker = false, workerURL, scope = {} } = known("init()", options, OPTIONS);
  if (wasmURL !== undefined && wasmModule !== undefined) throw invalid("give init() wasmURL or wasmModule, not both");
  if (wasmModule !== undefined && !isModule(wasmModule)) {
    throw invalid("wasmModule must be a WebAssembly.Module: pass what WebAssembly.compile() resolved with");
  }
  checkWorker(worker, workerURL, scope);
  return Object.freeze({
    wasmURL: checkedURL("wasmURL", wasmURL),
    wasmModule,
    worker,
    workerURL: checkedURL("workerURL", workerURL),
    scope: checkedScope(scope),
  });
}

/** Reports whether two results of checkedOptions ask for the same program. */
export function sameOptions(a, b) {
  return ["wasmURL", "wasmModule", "worker", "workerURL"].every((key) => a[key] === b[key]) && SCOPE.every((key) => a.scope[key] === b.scope[key]);
}

function checkWorker(worker, workerURL, scope) {
  if (typeof worker !== "boolean") throw invalid("worker must be true or false");
  if (!worker && workerURL !== undefined) throw invalid("workerURL says where the worker's file is: give worker: true with it");
  if (worker && Object.keys(Object(scope)).length > 0) {
    throw invalid("scope has functions, which no worker takes: leave out worker: true");
  }
}

function checkedURL(name, url) {
  if (url === undefined) return undefined;
  if ((typeof url === "string" && url !== "") || tagOf(url) === "URL") return String(url);
  throw invalid(`${name} must be a URL or a string that is not empty`);
}

function checkedScope(scope) {
  const checked = known("init({ scope })", scope, SCOPE);
  const { performance, ...functions } = checked;
  for (const [key, value] of Object.entries(functions)) {
    if (value !== undefined && typeof value !== "function") throw invalid(`scope.${key} must be a function`);
  }
  if (performance !== undefined && typeof performance?.now !== "function") {
    throw invalid("scope.performance must have a now() that returns milliseconds");
  }
  const given = TIMERS.filter((key) => checked[key] !== undefined);
  if (given.length !== 0 && given.length !== TIMERS.length) {
    throw invalid(`scope.${given[0]} was given alone: give ${TIMERS.join(", ")} together`);
  }
  return Object.freeze(checked);
}

/** Copies options when they are an object with no other keys than these; throws what invalid() makes. */
export function known(where, options, keys) {
  if (typeof options !== "object" || options === null) throw invalid(`${where} takes an object`);
  const unknown = Object.keys(options).find((key) => !keys.includes(key));
  if (unknown) throw invalid(`${where} has no option "${unknown}": it takes ${keys.join(", ")}`);
  return own(Object.fromEntries(keys.filter((key) => has(options, key)).map((key) => [key, options[key]])));
}

function isModule(value) {
  return tagOf(value) === "WebAssembly.Module";
}

// By tag rather than instanceof: what is given may come from another realm, such
// as a worker, a test runner's sandbox or its DOM.
function tagOf(value) {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Makes the error for an option that cannot be used. */
export function invalid(message) {
  return failure("client_invalid_argument", `Invalid option: ${message}`);
}
