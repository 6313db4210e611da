// What a page's server has for the checks of init({ worker: true }), in
// matrix/ownworker.mjs: workers of all kinds, and what holds answers back.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The worker's file of the packed package, and others in its place, by their path. */
export async function workerFiles({ packed }) {
  const own = await readFile(join(packed.installed, packed.entry([], "./worker.js")), "utf8");
  const watch = await readFile(join(packed.dir, "matrix", "hosts", "watchedworker.js"), "utf8");
  const script = (body, type = "text/javascript") => ({ type, body });
  return {
    "/watched.js": script(watch + own),
    "/older.js": script(own.replaceAll(`"${packed.manifest.version}"`, '"0.0.9"')),
    "/another.js": script('postMessage("hello")'),
    "/throwing.js": script('throw new Error("not today")'),
    "/page.js": script("<!doctype html>", "text/html"),
    "/table.js": script(own, "text/csv"),
  };
}

/** The paths by which a page has the proxy tell what it carried, and hold back an answer. */
export function proxyOrders(proxy) {
  let gate;
  const done = { status: 204, type: "text/plain" };
  return {
    "/sent": async () => ({ type: "application/json", body: JSON.stringify(proxy.seen.map(({ method, path }) => `${method} ${path}`)) }),
    "/hold": async (request) => {
      const { method, path } = JSON.parse(await bodyOf(request));
      gate = proxy.hold(method, path);
      return done;
    },
    "/reached": async () => (await gate.reached, done),
    "/open": async () => (gate.open(), done),
  };
}

/** The text of a request's body. */
export async function bodyOf(request) {
  let all = "";
  for await (const chunk of request) all += chunk;
  return all;
}
