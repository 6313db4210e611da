import { open as openFile, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { fetchOver } from "./selfsigned.js";

/** How files are read under Node, and servers reached whose certificates nobody vouches for. */
export const nodeFiles = { fetchOver, localPath, openFile, readFile };

// Node's fetch knows no file: URLs. Whatever is no URL of the web is a path.
function localPath(url) {
  if (/^(https?|data|blob):/i.test(url)) return undefined;
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}
