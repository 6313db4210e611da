// Stands in for an Appwrite that has tables, files and teams: it keeps them in
// memory, for whoever is signed in, and passes all else on to the server of
// accounts. For trying the app and for its tests; it checks little.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { Files } from "./files.js";
import { json } from "./http.js";
import { Rows } from "./rows.js";
import { Teams } from "./teams.js";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
const CREDENTIALS = ["cookie", "x-appwrite-jwt", "x-appwrite-session", "x-appwrite-key", "x-appwrite-project", "x-fallback-cookies"];

/**
 * Starts it on a free port, or on `port`. `endpoint` is that of the server of
 * accounts, `folder` where the built page lies, and `record` is called with each
 * request for tables, files and teams. Gives its URL and how to end it.
 */
export async function startStandIn({ endpoint, folder, port = 0, record = () => {} }) {
  const services = [new Teams(), new Rows(), new Files()];
  const server = createServer((request, response) => {
    answer({ endpoint, folder, record, services }, request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error) => response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ message: String(error), code: 500, type: "general_unknown" })),
    );
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://localhost:${server.address().port}`, close };
}

async function answer({ endpoint, folder, record, services }, request) {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.startsWith("/v1/")) return page(folder, url.pathname);
  const body = await bodyOf(request);
  const path = url.pathname.slice("/v1".length);
  for (const service of services) {
    const handler = service.handler(request.method, path);
    if (!handler) continue;
    const call = { ...handler.params, url, headers: request.headers, ...(await content(request, body)) };
    record({ method: request.method, path: request.url, sent: call.fields ?? call.json, range: request.headers["content-range"] });
    const user = await whoAsks(endpoint, request);
    if (!user) return json(401, { message: "The current user is not authorized to perform the requested action.", code: 401, type: "user_unauthorized" });
    return handler.run({ ...call, user });
  }
  return passOn(endpoint, request, path + url.search, body);
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

// A body of a form is parsed by the platform.
async function content({ headers }, body) {
  const type = headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return { json: JSON.parse(body.toString() || "{}") };
  if (!type.startsWith("multipart/form-data")) return {};
  const form = [...(await new Response(body, { headers: { "content-type": type } }).formData())];
  return { fields: form.filter(([, value]) => typeof value === "string"), file: form.find(([, value]) => typeof value !== "string")?.[1] };
}

async function whoAsks(endpoint, { headers }) {
  const credentials = Object.fromEntries(CREDENTIALS.filter((name) => headers[name]).map((name) => [name, headers[name]]));
  const reply = await fetch(`${endpoint}/account`, { headers: { "x-appwrite-project": "demo", ...credentials } });
  return reply.ok ? reply.json() : null;
}

async function passOn(endpoint, { method, headers }, path, body) {
  const { host, connection, "content-length": length, ...others } = headers;
  const reply = await fetch(endpoint + path, { method, headers: others, body: method === "GET" || method === "HEAD" ? undefined : body, redirect: "manual" });
  const kept = [...reply.headers].filter(([name]) => !["content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"].includes(name));
  return { status: reply.status, headers: { ...Object.fromEntries(kept), "set-cookie": reply.headers.getSetCookie() }, body: Buffer.from(await reply.arrayBuffer()) };
}

async function page(folder, path) {
  const file = normalize(path === "/" ? "/index.html" : decodeURIComponent(path));
  if (!folder || file.includes("..")) return { status: 404, headers: { "content-type": "text/plain" }, body: "not found" };
  try {
    return { status: 200, headers: { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }, body: await readFile(join(folder, file)) };
  } catch {
    return { status: 404, headers: { "content-type": "text/plain" }, body: "not found" };
  }
}
