// For bundlers that do not follow `new URL(..., import.meta.url)`: the page
// says where they have put the WebAssembly.
import { init } from "isojot";
import wasmURL from "isojot/isojot.wasm";
import "./main.js";

init({ wasmURL: new URL(wasmURL, import.meta.url) });
