// Compiled, never run, with @types/node and without the DOM library, and with the
// DOM library: what the platform has is taken.
import { Client, createServerClient, init, type CallOptions, type CookieSource, type InitOptions } from "isojot";

const client = new Client();
const controller = new AbortController();
const options: CallOptions = { signal: controller.signal };
const signal: AbortSignal | undefined = options.signal;
const headers = new Headers({ cookie: "a=1" });

export async function onThePlatform(request: Request): Promise<void> {
  const cookies: CookieSource[] = [headers, request, { headers }, "a=1", null];
  for (const source of cookies) {
    const server = createServerClient({ endpoint: "https://example.com/v1", project: "demo", cookies: source, headers });
    await server.account.get({ signal: AbortSignal.timeout(1000) });
    const answer: Response = server.closeAfter(new Response("a"));
    const later: Response = await server.closeAfter(Promise.resolve(answer));
    server.closeAfter({ once: (event: "close", listener: () => void) => listener() });
    console.log(later.status);
  }
  const loading: InitOptions[] = [
    { wasmURL: new URL("https://example.com/isojot.wasm"), scope: { fetch } },
    { worker: true, workerURL: new URL("https://example.com/worker.js") },
  ];
  for (const one of loading) await init(one);
  await client.account.get({ signal });
}
