// Two sites over TLS on this machine: pages on one, the API on the other, and
// a Chromium that is told what to do with cookies of other sites.
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { generate } from "selfsigned";
import { FLAGS, executable } from "./chromium.mjs";

const PAGE = "app.page.test";
const API = "api.other.test";

/** Starts the front of both: `pages` and `api` are the URLs of the servers behind. Gives the two origins, and the requests that came. */
export async function startSites(t, { pages, api }) {
  const { private: key, cert } = await generate([{ name: "commonName", value: PAGE }], {
    extensions: [{ name: "subjectAltName", altNames: [PAGE, API].map((value) => ({ type: 2, value })) }],
  });
  const seen = [];
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const name = incoming.headers.host.split(":")[0];
    seen.push({ name, method: incoming.method, path: incoming.url, headers: incoming.headers });
    forward(name === API ? api : pages, incoming, outgoing);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address();
  return { page: `https://${PAGE}:${port}`, endpoint: `https://${API}:${port}/v1`, seen: () => seen.filter(({ name, method }) => name === API && method !== "OPTIONS") };
}

function forward(target, incoming, outgoing) {
  const { hostname, port } = new URL(target);
  const headers = { ...incoming.headers, "x-forwarded-proto": "https" };
  const carried = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(outgoing);
  });
  carried.on("error", () => outgoing.destroy());
  incoming.pipe(carried);
}

/** A Chromium with a profile of its own, which keeps cookies of other sites or does not. */
export async function startProfile(t, { thirdPartyCookies }) {
  const profile = await mkdtemp(join(tmpdir(), "isojot-profile-"));
  await mkdir(join(profile, "Default"));
  // 0 allows them, 1 blocks them; headless, no choice at all blocks them, too.
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify({ profile: { cookie_controls_mode: thirdPartyCookies ? 0 : 1 } }));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable(),
    args: [...FLAGS, "--host-resolver-rules=MAP *.test 127.0.0.1", "--ignore-certificate-errors"],
  });
  t.after(async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  return context;
}
