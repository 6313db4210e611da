/**
 * What a bundler makes of the import: the file's address, for
 * `init({ wasmURL })`, or the compiled module, for `init({ wasmModule })`. Only
 * the bundler knows which, so that it is declared as both.
 */
declare const wasm: string & WebAssembly.Module;
export = wasm;
