// Compiled, never run, with the DOM library, which declares WebAssembly.
import { init } from "isojot";

export async function compiled(module: WebAssembly.Module): Promise<void> {
  await init({ wasmModule: module });
}
