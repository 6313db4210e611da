// Compiled, never run: without the DOM library and without @types/node, as a
// TypeScript service or library may be.
import { Account, Client, createServerClient, init, type CallOptions, type ClientStorage, type ServerClient } from "isojot";

const values = new Map<string, string>();
const storage: ClientStorage = {
  getItem: (key) => values.get(key),
  setItem: (key, value) => void values.set(key, value),
  removeItem: (key) => void values.delete(key),
};
const client: Client = new Client({ storage }).setEndpoint("https://example.com/v1").setProject("demo");

declare const signal: NonNullable<CallOptions["signal"]>;
declare const compiled: object;

export async function bare(): Promise<string> {
  await init({ wasmModule: compiled });
  await init({ wasmURL: "/isojot.wasm" });
  await init({ scope: { fetch: async (url) => ({ status: url.length, headers: [], arrayBuffer: async () => new ArrayBuffer(0) }) } });
  const account: Account = client.account;
  const { jwt } = await account.createJWT({ duration: 60, signal });
  const server: ServerClient = createServerClient({ endpoint: "https://example.com/v1", project: "demo", cookies: { headers: { cookie: "a=1" } } });
  server.close();
  // @ts-expect-error: a signal is no text
  await account.get({ signal: "abort" });
  // @ts-expect-error: an address is no number
  await init({ wasmURL: 7 });
  return jwt;
}
