import { open as openFile, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** How files are read under Node. */
export const nodeFiles = { localPath, openFile, readFile };

// Node's fetch knows no file: URLs. Whatever is no URL of the web is a path.
function localPath(url) {
  if (/^(https?|data|blob):/i.test(url)) return undefined;
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}
