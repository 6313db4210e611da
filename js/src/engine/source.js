import { failure } from "../shared/exception.js";

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const MIME = "application/wasm";
const FIX = "make isojot.wasm of this version available there, or say where it is with init({ wasmURL })";
const POLICY = "the page's Content-Security-Policy (connect-src)";

/**
 * Gets the WebAssembly file and instantiates it. `options` are the checked
 * ones of init(). Rejects with an AppwriteException that says what was looked
 * for, what was found there, and what to do.
 */
export async function instantiate(platform, options, imports) {
  if (typeof WebAssembly === "undefined") {
    throw failure("client_load_failed", "This platform has no WebAssembly: isojot needs a browser with it, or Node 20 or later");
  }
  if (options.wasmModule) return finish(fromModule(platform, options.wasmModule, imports), "the wasmModule given to init()");
  const url = wasmAddress(platform, options);
  const path = platform.localPath?.(url);
  if (path) return fromBytes(await readFile(platform, path), imports, path, "");
  return fromResponse(await get(platform, url), imports, url);
}

// Where requests are kept apart none may wait for what another does: there it
// is done at once, before another can come.
async function fromModule(platform, module, imports) {
  return platform.apart ? new WebAssembly.Instance(module, imports) : WebAssembly.instantiate(module, imports);
}

/** Says where the file is: where the options say, or beside the JavaScript. */
export function wasmAddress(platform, options) {
  try {
    return options.wasmURL ?? platform.defaultURL();
  } catch (cause) {
    throw failed("isojot.wasm", `a bundler took away where the JavaScript lies (${cause.message})`, FIX, cause);
  }
}

async function readFile(platform, path) {
  try {
    return await platform.readFile(path);
  } catch (cause) {
    throw failed(path, `it could not be read (${cause.code ?? cause.message})`, FIX, cause);
  }
}

async function get(platform, url) {
  try {
    return await platform.global.fetch(url);
  } catch (cause) {
    throw failed(url, `the request failed (${cause.message})`, `check the address, CORS, ${POLICY} and the connection; ${FIX}`, cause);
  }
}

async function fromResponse(response, imports, url) {
  const type = response.headers.get("content-type") ?? "no content type";
  const where = response.url || url;
  const found = `HTTP ${response.status}, ${type}`;
  if (!response.ok) throw failed(where, `the answer was ${found}`, FIX);
  // Engines refuse to stream any other type, even one with parameters, and a
  // body can be read only once.
  if (type === MIME && WebAssembly.instantiateStreaming) {
    return finish(WebAssembly.instantiateStreaming(response, imports), where);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return fromBytes(bytes, imports, where, ` (${found})`);
}

function fromBytes(bytes, imports, where, found) {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw failed(where, `what is there is ${describe(bytes)}, not WebAssembly${found}`, FIX);
  }
  return finish(WebAssembly.instantiate(bytes, imports), where);
}

async function finish(instantiating, where) {
  try {
    const result = await instantiating;
    return result.instance ?? result; // a compiled module gives its instance alone
  } catch (cause) {
    const blocked = /unsafe-eval|Content Security Policy|\bCSP\b/i.test(cause.message);
    const fix = blocked ? "add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy" : FIX;
    throw failed(where, `it could not be instantiated (${cause.message})`, fix, cause);
  }
}

// A server for single-page apps answers any path with its HTML page, and a
// clone without Git LFS holds a text file in the place of the real one.
function describe(bytes) {
  if (bytes.length === 0) return "an empty file";
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  return start.startsWith("<") ? "an HTML or XML page" : "some other file";
}

function failed(where, what, fix, cause) {
  // Vite's dev server moves the JavaScript of packages there, and nothing else.
  const moved = /\/\.vite\/deps/.test(where) ? 'add optimizeDeps: { exclude: ["isojot"] } to the configuration of Vite; else ' : "";
  return failure("client_load_failed", `isojot could not load ${where}: ${what}. To fix it, ${moved}${fix}.`, cause);
}
