// What the package does for its users, the same in every runtime: a list of
// named checks over the module `sdk`. They run one after another and build on
// each other, as the calls of a user do.
import { equal, everywhere, inBrowsers, ok, onServers, password, refusal, thrown } from "./world.mjs";

/** The checks, by name, in order. */
export const checks = Object.entries({
  "the import loads nothing": everywhere(({ sdk }) => {
    equal(sdk.stats(), { handles: 0, memory: 0 });
  }),

  "calls made before the program is there are answered": everywhere(async ({ sdk, env, client }) => {
    const ready = Object.keys(env.options).length > 0 ? sdk.init(env.options) : undefined;
    const answers = await Promise.all([client.ping(), client.ping(), ready]);
    equal(answers.slice(0, 2).map(({ message }) => message), ["Pong!", "Pong!"]);
    ok(sdk.stats().memory > 0, "no program was loaded");
  }),

  "init() again is nothing, and with other options an error": everywhere(async (world) => {
    const { sdk, env } = world;
    await Promise.all([sdk.init(env.options), sdk.init(), sdk.preload()]);
    const refused = await refusal(world, sdk.init({ wasmURL: "https://elsewhere.example/isojot.wasm" }));
    equal(refused.type, "client_already_loaded");
  }),

  "nobody is signed in at first": everywhere(async (world) => {
    const { code, type, reason } = await refusal(world, world.account.get());
    equal([type, reason], ["general_unauthorized_scope", "no-session"]);
    ok(code === 401 || code === 0, `code ${code}`);
    equal(world.account.peekToken(), null);
  }),

  "sign-up": everywhere(async ({ account, userId, email }) => {
    const user = await account.create({ userId, email, password, name: "Ada" });
    equal([user.$id, user.email, user.name, user.status], [userId, email, "Ada", true]);
  }),

  "an error of the server has its status, type and message": everywhere(async (world) => {
    const { sdk, account, userId, email } = world;
    const twice = await refusal(world, account.create(userId, email, password));
    equal([twice.name, twice.code, twice.type], ["AppwriteException", 409, "user_already_exists"]);
    equal(JSON.parse(twice.response).message, twice.message);
    const wrong = await refusal(world, account.createEmailPasswordSession({ email, password: "wrong horse battery" }));
    equal([wrong.code, wrong.type], [401, "user_invalid_credentials"]);
    ok(thrown(() => account.create({ email })) instanceof sdk.AppwriteException, "a missing parameter is no AppwriteException");
  }),

  "sign-in": everywhere(async (world) => {
    const session = await world.signIn();
    equal([session.userId, session.provider, session.current], [world.userId, "email", true]);
    equal(session.secret === "", world.env.browser, "that the secret is hidden:");
    world.sessionId = session.$id;
  }),

  // The control is the same request without cookies: it is the cookie that signs in.
  "the browser keeps the session's cookie": inBrowsers(async ({ env, userId }) => {
    const ask = (credentials) => fetch(`${env.endpoint}/account`, { credentials, headers: { "X-Appwrite-Project": env.project } });
    const [by, without] = await Promise.all([ask("include"), ask("omit")]);
    equal([by.status, without.status], [200, 401]);
    equal((await by.json()).$id, userId);
  }),

  "calls act by the session": everywhere(async ({ account, userId, sessionId }) => {
    const [user, sessions, current] = await Promise.all([account.get(), account.listSessions(), account.getSession("current")]);
    equal([user.$id, sessions.total, current.$id, current.current], [userId, 1, sessionId, true]);
  }),

  "a long number survives as a BigInt": everywhere(async ({ account }) => {
    const prefs = { long: 9007199254740993n, short: 7, text: "ü😀\u0000" };
    const user = await account.updatePrefs({ prefs });
    equal(user.prefs, prefs);
    equal(await account.getPrefs(), prefs);
    equal(typeof (await account.getPrefs()).long, "bigint");
  }),

  "createJWT, and what is in it": everywhere(async (world) => {
    const { sdk, account, userId, sessionId } = world;
    world.jwt = (await account.createJWT({ duration: 600 })).jwt;
    const claims = await sdk.decodeJWT(world.jwt);
    equal([claims.userId, claims.sessionId, typeof claims.exp], [userId, sessionId, "number"]);
    equal((await refusal(world, sdk.decodeJWT("no.token"))).type, "client_token_malformed");
  }),

  "setJWT: calls go by the JWT, what needs a session by the session": everywhere(async (world) => {
    const client = world.newClient().setJWT(world.jwt);
    const account = new world.sdk.Account(client);
    equal((await account.get()).$id, world.userId);
    if (!world.env.browser) {
      equal((await refusal(world, account.createJWT())).type, "general_unauthorized_scope");
      client.setSession(world.secret);
    }
    equal((await account.createJWT()).jwt.split(".").length, 3);
    equal((await account.get()).$id, world.userId);
  }),

  "getToken: made once for all who ask, then held": everywhere(async (world) => {
    const count = await world.counting();
    const { account, userId, sessionId } = world;
    const first = await Promise.all(Array.from({ length: 10 }, () => account.getToken()));
    const later = await account.getToken();
    equal(new Set([...first, later].map(({ jwt }) => jwt)).size, 1, "tokens:");
    equal([later.userId, later.sessionId, typeof later.expiresAt], [userId, sessionId, typeof first[0].expiresAt]);
    equal(account.peekToken(), later);
    equal(await count("POST /v1/account/jwts"), 1, "creations:");
    const { jwt } = await account.getToken({ forceRefresh: true });
    ok((await count("POST /v1/account/jwts")) === 2, "forceRefresh made none");
    equal(account.peekToken().jwt, jwt);
    equal((await new world.sdk.Account(world.newClient().setJWT(jwt)).get()).$id, userId);
  }),

  "onAuthChange tells how things are, and of the token": everywhere(async ({ client, account, userId }) => {
    const listeners = new Set();
    const next = (type) => new Promise((resolve) => listeners.add((change) => change.type === type && resolve(change)));
    const present = next("signed-in");
    const unsubscribe = client.onAuthChange((change) => listeners.forEach((listener) => listener(change)));
    await account.get();
    equal((await present).userId, userId);
    const refreshed = next("token-refreshed");
    const { jwt } = await account.getToken({ forceRefresh: true });
    equal((await refreshed).token.jwt, jwt);
    unsubscribe();
  }),

  "an AbortSignal ends a call, and no other": everywhere(async ({ account, userId }) => {
    const reason = new Error("no longer of interest");
    const outcome = (call) => call.then(() => "answered", (error) => (error === reason ? "the reason" : error.name));
    equal(await outcome(account.get({ signal: AbortSignal.abort(reason) })), "the reason");
    const controller = new AbortController();
    const aborted = [outcome(account.get({ signal: controller.signal })), outcome(account.getToken({ signal: controller.signal, forceRefresh: true }))];
    const other = account.get();
    controller.abort();
    equal(await Promise.all(aborted), ["AbortError", "AbortError"]);
    equal((await other).$id, userId);
  }),

  "a server that does not answer is an error that says so": everywhere(async (world) => {
    const { sdk, env } = world;
    const { code, type, reason } = await refusal(world, new sdk.Client().setEndpoint(env.dead).setProject(env.project).ping());
    equal([code, type, reason], [0, "client_network", "network"]);
  }),

  "GraphQL": everywhere(async ({ sdk, client, email }) => {
    const { data } = await new sdk.Graphql(client).query({ query: { query: "{ accountGet { email } }" } });
    equal(data.accountGet.email, email);
  }),

  "the helpers": everywhere(({ sdk, account }) => {
    const { ID, Permission, Query, Role } = sdk;
    equal(Query.equal("name", ["Ada", 9007199254740993n]), '{"method":"equal","attribute":"name","values":["Ada",9007199254740993]}');
    equal(Permission.read(Role.user("ada", "verified")), 'read("user:ada/verified")');
    ok(/^[0-9a-f]{20}$/.test(ID.unique()) && ID.unique() !== ID.unique(), "ID.unique()");
    equal(ID.custom("mine"), "mine");
    equal(thrown(() => account.client.subscribe("files", () => {})).type, "client_unsupported");
  }),

  "two clients are never mixed up": everywhere(async (world) => {
    const { env, sdk, account, userId } = world;
    const client = world.newClient();
    const other = new sdk.Account(env.browser ? client.setJWT(env.other.jwt) : client.setSession(env.other.secret));
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => (i % 2 ? other : account).get()));
    equal(answers.map(({ $id }) => $id), Array.from({ length: 12 }, (_, i) => (i % 2 ? env.other.userId : userId)));
    const tokens = await Promise.all([account.getToken(), other.getToken(), account.getToken(), other.getToken()]);
    equal(tokens.map((token) => token.userId), [userId, env.other.userId, userId, env.other.userId]);
  }),

  "createServerClient is refused": inBrowsers(({ sdk }) => {
    equal(thrown(() => sdk.createServerClient({})).type, "client_invalid_argument");
  }),

  "createServerClient acts by a request's cookie, for that request": onServers(async (world) => {
    const { sdk, env } = world;
    const { endpoint, project, other } = env;
    const client = sdk.createServerClient({ endpoint, project, cookies: `a=b; a_session_${project}=${encodeURIComponent(other.secret)}` });
    equal([(await client.account.get()).$id, (await client.account.getToken()).userId], [other.userId, other.userId]);
    client.close();
    equal((await refusal(world, client.account.get())).type, "client_reused");
  }),

  "dispose() rejects what waits and frees all; the next call starts afresh": everywhere(async (world) => {
    const { sdk, account, userId } = world;
    const waiting = refusal(world, account.get());
    await sdk.dispose();
    equal((await waiting).type, "client_disposed");
    equal(sdk.stats(), { handles: 0, memory: 0 });
    await world.restart();
    equal((await account.get()).$id, userId);
    equal((await account.getToken()).userId, userId);
    for (let i = 0; i < 3; i++) {
      await world.restart();
      equal((await account.get()).$id, userId);
    }
  }),

  "sign-out ends the session, its token and its JWTs": everywhere(async (world) => {
    const { sdk, account, jwt } = world;
    await account.deleteSession({ sessionId: "current" });
    equal(account.peekToken(), null);
    equal((await refusal(world, account.get())).type, "general_unauthorized_scope");
    await refusal(world, account.getToken());
    await refusal(world, new sdk.Account(world.newClient().setJWT(jwt)).get());
  }),

  "nothing of the user stays in the storages": inBrowsers(() => {
    const stored = ["localStorage", "sessionStorage"].flatMap((name) => Object.entries(globalThis[name] ?? {}));
    equal(stored.filter(([, value]) => /eyJ[\w-]+\./.test(value) || /a_session/.test(value)), []);
  }),
});
