import { upload as send } from "../api/upload.js";
import { asInputFile } from "./inputfile.js";

/** Performs an operation that takes a file, which may be in memory. A stream is closed at the end, however it comes. */
export async function upload(client, operation, params, beside) {
  const files = Object.entries(params).map(([name, value]) => [name, asInputFile(value) ?? value]);
  try {
    return await send(client, operation, Object.fromEntries(files), beside);
  } finally {
    for (const [, file] of files) if (file?.inOrder === true) file.close();
  }
}
