// A small web server for test pages: files of the built SDK, of the official
// one and of this folder, and whatever a test adds.
import { createServer } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { root } from "./isojot.mjs";

/** The content types of files, by extension. */
export const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html", ".wasm": "application/wasm" };

const FOLDERS = {
  "/sdk/": join(root, "js", "dist"),
  "/official/": join(root, "internal", "compat", "node_modules", "appwrite", "dist", "iife"),
  "/seed/": join(root, "internal", "compat", "seed"),
  "/shared/": join(root, "internal", "compat", "shared"),
};

/**
 * Starts it. `extra` maps a path to {type, body, status, headers} that it
 * answers instead of a file, or to a function that makes one, or its promise, of the request.
 * `folders` maps further prefixes to where their files are. The page's URL is
 * on `host`, which must be loopback.
 */
export async function startPages(t, extra = {}, host = "localhost", folders = {}) {
  const server = createServer((request, response) => {
    answer(request, extra, { ...FOLDERS, ...folders }).then(
      ({ status = 200, type, body, headers }) => response.writeHead(status, { "Content-Type": type, ...headers }).end(body),
      (error) => response.writeHead(404, { "Content-Type": "text/plain" }).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return `http://${host}:${server.address().port}`;
}

async function answer(request, extra, folders) {
  const path = request.url;
  if (typeof extra[path] === "function") return extra[path](request);
  if (extra[path]) return extra[path];
  if (path === "/favicon.ico") return { status: 204, type: "image/x-icon", body: "" };
  const prefix = Object.keys(folders).find((folder) => path.startsWith(folder));
  if (!prefix || path.includes("..")) throw new Error(`nothing at ${path}`);
  const file = join(folders[prefix], path.slice(prefix.length));
  return { type: TYPES[extname(file)] ?? "application/octet-stream", body: await readFile(file) };
}

/** An HTML page that loads the scripts. */
export const html = (...scripts) => ({
  type: "text/html",
  body: `<!doctype html><meta charset="utf-8"><title>test</title>${scripts.map((src) => `<script src="${src}"></script>`).join("")}`,
});
