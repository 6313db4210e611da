/**
 * What a bundler makes of the import: the file's address, for
 * `init({ wasmURL })`, or the compiled module, for `init({ wasmModule })`. Only
 * the bundler knows which: it is declared as what both take, a module having
 * no members.
 */
declare const wasm: string;
export = wasm;
