import { upload as send } from "../api/upload.js";
import { asInputFile } from "./inputfile.js";

/** Performs an operation that takes a file, which may be in memory. */
export async function upload(client, operation, params, beside) {
  const files = Object.entries(params).map(([name, value]) => [name, asInputFile(value) ?? value]);
  return send(client, operation, Object.fromEntries(files), beside);
}
