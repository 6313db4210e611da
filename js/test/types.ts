// Compiled, never run (tsc --noEmit --strict): the good lines must compile and
// each @ts-expect-error must be one.
import {
  Account,
  AppwriteException,
  Client,
  ExecutionMethod,
  Functions,
  Graphql,
  ID,
  clientFromFunction,
  createServerClient,
  decodeJWT,
  dispose,
  init,
  preload,
  stats,
  type AuthChange,
  type Claims,
  type CookieToSet,
  type ClientStorage,
  type InitOptions,
  type Models,
  type Reason,
  type ServerClient,
  type Token,
} from "isojot";

const memory = new Map<string, string>();
const storage: ClientStorage = {
  getItem: (key) => memory.get(key),
  setItem: (key, value) => void memory.set(key, value),
  removeItem: (key) => void memory.delete(key),
};

const client: Client = new Client({ storage }).setEndpoint("https://example.com/v1").setProject("demo").setLocale("en");
new Client({ storage: globalThis.localStorage });
new Client({ storage, tokenStorage: "none", token: { duration: 60, refreshEarly: 5 } });
new Client({ tokenStorage: null });
client.headers["x-request-id"] = "1";
const endpoint: string = client.config.endpoint;
const account: Account = new Account(client);

export async function goodGraphql(): Promise<void> {
  const graphql = new Graphql(client);
  const { data, errors } = await graphql.query<{ accountGet: { _id: string } | null }>({ query: { query: "{ accountGet { _id } }" } });
  const id: string | undefined = data?.accountGet?._id;
  const type: string | undefined = errors?.[0].extensions?.type;
  const { signal } = new AbortController();
  const list = await graphql.mutation({ query: [{ query: "mutation { a }", variables: { id, type, anything: 1 }, operationName: "a" }], signal });
  const anything: unknown = list[0].data?.anything;
  await graphql.mutation({ query: "mutation { a }" });
  console.log(anything);
  await graphql.query([{ query: "{ a }" }]);
  // @ts-expect-error: a query is an object
  await graphql.query("{ a }");
}

export async function goodFunctions(server: ServerClient): Promise<void> {
  const functions = new Functions(client);
  const made: Models.Execution = await functions.createExecution({ functionId: "f", body: "hi", async: false, path: "/", method: ExecutionMethod.GET, headers: { a: "b" } });
  await functions.createExecution({ functionId: "f", xpath: "/a", async: true, scheduledAt: "2026-08-21T12:42:00.000+00:00", signal: new AbortController().signal });
  await functions.createExecution("f", "hi", true, "/", ExecutionMethod.PUT, {}, "2026-08-21T12:42:00.000+00:00");
  const list: Models.ExecutionList = await client.functions.listExecutions({ functionId: "f", queries: [], total: false });
  await functions.listExecutions("f", ["{}"], true);
  await server.functions.getExecution({ functionId: "f", executionId: list.executions[0].$id });
  await new Functions(server).getExecution("f", made.$id);
  // @ts-expect-error: the function is required
  await functions.createExecution({ body: "hi" });
  // @ts-expect-error: there is no such method
  await functions.createExecution({ functionId: "f", method: "TRACE" });
}

export async function good(): Promise<void> {
  const user: Models.User = await account.create({ userId: ID.unique(), email: "a@example.com", password: "password" });
  await account.create(ID.custom("a"), "a@example.com", "password", "A");
  const session: Models.Session = await account.createEmailPasswordSession({ email: "a@example.com", password: "password" });
  await account.createEmailPasswordSession("a@example.com", "password");
  await account.createAnonymousSession();
  client.setSession(session.secret);

  const { jwt }: Models.Jwt = await client.account.createJWT();
  await account.createJWT({ duration: 60 });
  await account.createJWT(60);
  client.setJWT(jwt).setJWT("");

  const theme: string = (await account.get<{ theme: string }>()).prefs.theme;
  const anything = (await account.get()).prefs.anything;
  const list: Models.SessionList = await account.listSessions();
  await account.getSession({ sessionId: list.sessions[0].$id });
  await account.getSession("current");
  await account.deleteSession({ sessionId: "current" });
  await account.deleteSession("current");
  await account.deleteSessions();
  await account.createSession({ userId: user.$id, secret: "a1b2c3" });
  const extended: Models.Session = await account.updateSession({ sessionId: "current" });
  const prefs = await account.getPrefs<{ theme: string }>();
  await account.updatePrefs<{ theme: string }>({ prefs: { theme: prefs.theme } });
  await account.updatePrefs({ theme: "dark" });
  await account.updateName({ name: "Ann" });
  await account.updateEmail({ email: "a@example.com", password: "password" });
  await account.updatePhone({ phone: "+14155550100", password: "password" });
  await account.updatePassword({ password: "password", oldPassword: extended.userId });
  await account.updatePassword("password");
  const blocked: boolean = (await account.updateStatus()).status;
  await account.delete();
  console.log(blocked);

  const { signal } = new AbortController();
  await account.get<{ theme: string }>({ signal });
  await account.create({ userId: "a", email: "a@example.com", password: "password", signal });
  await account.createJWT({ duration: 60, signal });
  await account.createJWT({ signal: AbortSignal.timeout(1000) });
  await account.getSession({ sessionId: "current", signal });
  await account.updatePrefs<{ theme: string }>({ prefs: { theme: "dark" }, signal });
  await account.deleteSessions({ signal });
  const token: Token = await account.getToken({ forceRefresh: true, signal });
  const held: Token | null = (await account.getToken(), account.peekToken());
  console.log(held?.expiresAt.toFixed(), token.jwt, token.userId, token.sessionId);
  const unsubscribe: () => void = client.onAuthChange((change: AuthChange) => {
    if (change.type === "error") console.error(change.error?.reason);
    else console.log(change.type, change.userId, change.sessionId, change.token?.jwt);
  });
  unsubscribe();

  const claims: Claims = await decodeJWT(jwt);
  const inWorker: InitOptions = { worker: true, workerURL: new URL("https://example.com/worker.js") };
  const options: InitOptions = { wasmURL: new URL("https://example.com/isojot.wasm"), scope: { now: () => 0 } };
  await init(options);
  await init(inWorker);
  await init();
  await preload();
  await dispose();
  console.log(user.$id, theme, anything, claims.exp.toFixed(), endpoint, ID.unique(23));
}

// What frameworks have for cookies, by the shapes of their types.
declare const next: Promise<{ get(name: string): { name: string; value: string } | undefined; getAll(): { name: string; value: string }[]; set(name: string, value: string, options?: { expires?: number | Date }): object }>;
declare const svelte: { get(name: string, options?: object): string | undefined; getAll(): { name: string; value: string }[]; set(name: string, value: string, options: object & { path: string }): void };
declare const node: { headers: { cookie?: string; [name: string]: string | string[] | undefined } };

export async function aFunction(req: { headers: { [name: string]: string } }, request: Request): Promise<void> {
  const clients: Client[] = [clientFromFunction(), clientFromFunction(req), clientFromFunction(node), clientFromFunction(request), clientFromFunction({ APPWRITE_FUNCTION_JWT: "" })];
  const elsewhere = clientFromFunction(req, { endpoint: "https://example.com/v1", project: "demo" });
  if (elsewhere.config.jwt === "") return;
  const user: Models.User = await elsewhere.account.get();
  console.log(user.$id, clients);
  // @ts-expect-error: the token comes with the request
  clientFromFunction(req, { jwt: "a.b.c" });
  // @ts-expect-error: of which request
  clientFromFunction("a.b.c");
}

export async function servers(request: Request): Promise<void> {
  const where = { endpoint: "https://example.com/v1", project: "demo" };
  for (const cookies of [next, svelte, node, request, request.headers, request.headers.get("cookie"), undefined]) createServerClient({ ...where, cookies });
  const lines: string[] = [];
  const setAll = (list: CookieToSet[], headers: { [name: string]: string }) => lines.push(...list.map(({ header }) => header), headers["cache-control"]);
  const one: ServerClient = createServerClient({ ...where, cookies: { getAll: () => request.headers.get("cookie"), setAll } });
  createServerClient({ ...where, cookies: { get: async () => null }, jwt: "a.b.c", locale: "en", headers: { a: "b" }, token: { duration: 60 }, cookieOptions: { sameSite: "none", secure: true } });
  const user: Models.User = await one.setLocale("de").account.get();
  const again: Account = new Account(one);
  one.close();
  one[Symbol.dispose]();
  await one[Symbol.asyncDispose]();
  console.log(user.$id, again.peekToken(), stats().handles + stats().memory, lines);
  // @ts-expect-error: whose request
  createServerClient(where);
  // @ts-expect-error: no such store
  createServerClient({ ...where, cookies: { read: () => "" } });
  // @ts-expect-error: the word is lax
  createServerClient({ ...where, cookies: "", cookieOptions: { sameSite: "Lax" } });
  // @ts-expect-error: it is the request's
  one.setSession("secret");
}

export function caught(error: unknown): string {
  if (!(error instanceof AppwriteException)) return "";
  const code: number = error.code;
  const reason: Reason = error.reason;
  const wait: number | undefined = error.retryAfter;
  const own = new AppwriteException("m", 401, "t", "{}", { cause: error, reason: "no-session", advice: "Sign in.", retryAfter: 1 });
  return `${error.name} ${code} ${error.type} ${error.response} ${reason} ${error.advice} ${wait} ${own.message}`;
}

export async function bad(): Promise<void> {
  // @ts-expect-error: an endpoint is a string
  client.setEndpoint(1);
  // @ts-expect-error: createJWT resolves with an object; its jwt is the token
  client.setJWT(await account.createJWT());
  // @ts-expect-error: the configuration is changed by setters
  client.config.project = "other";
  // @ts-expect-error: a storage needs all three methods
  new Client({ storage: { getItem: () => null } });
  // @ts-expect-error: a password is missing
  await account.create({ userId: "a", email: "a@example.com" });
  // @ts-expect-error: a password is missing
  await account.createEmailPasswordSession("a@example.com");
  // @ts-expect-error: a duration is a number of seconds
  await account.createJWT({ duration: "15m" });
  // @ts-expect-error: which session
  await account.getSession();
  // @ts-expect-error: no such field
  (await account.get()).nickname;
  // @ts-expect-error: no such preference
  (await account.get<{ theme: string }>()).prefs.font;
  // @ts-expect-error: a signal, not its controller
  await account.get({ signal: new AbortController() });
  // @ts-expect-error: options go in an object
  await account.getToken(true);
  // @ts-expect-error: there may be no token
  account.peekToken().jwt;
  // @ts-expect-error: a token is not to be changed
  (await account.getToken()).jwt = "";
  // @ts-expect-error: the word is none
  new Client({ tokenStorage: "memory" });
  // @ts-expect-error: a number of seconds
  new Client({ token: { duration: "60s" } });
  // @ts-expect-error: no such change
  client.onAuthChange(({ type }) => type === "signedIn");
  // @ts-expect-error: no such reason
  new AppwriteException("m", 0, "", "", { reason: "because" });
  // @ts-expect-error: it is a promise
  decodeJWT("a.b.c").exp;
  // @ts-expect-error: no such option
  await init({ wasmUrl: "/isojot.wasm" });
  // @ts-expect-error: the time is in milliseconds
  await init({ scope: { now: () => new Date() } });
}
