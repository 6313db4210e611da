// What the tests of the token client share: for each file one server, one
// Chromium and one web server for pages; for each test a user, a browser
// profile and a proxy that counts.
import { after, before, test } from "node:test";
import { newPage, startChromium } from "./chromium.mjs";
import { project, startIsojot } from "./isojot.mjs";
import { html, startPages } from "./pages.mjs";
import { startProxy } from "./proxy.mjs";
import { KEY, password } from "./suite.mjs";

/** Starts what a file's tests share; the result has it as soon as they run. `args` are the server's. */
export function browserSuite(...args) {
  const ends = [];
  const shared = {};
  before(async () => {
    const owner = { after: (end) => ends.unshift(end) };
    shared.isojot = await startIsojot(owner, { args: ["--api-key", KEY, ...args] });
    shared.pages = await startPages(owner, { "/": html("/sdk/isojot.js"), "/other": html("/sdk/isojot.js") });
    shared.browser = await startChromium(owner);
  });
  after(async () => {
    for (const end of ends) await end();
  });
  return shared;
}

/**
 * A browser profile with nobody signed in, and a proxy before the server for the
 * test `t`; with `worker`, its tabs have the SDK's program in a worker.
 */
export async function newProfile(t, shared, { worker = false } = {}) {
  const profile = new Profile(shared, await startProxy(t, shared.isojot.url), await shared.browser.newContext(), worker);
  t.after(() => profile.context.close());
  return profile;
}

/** A test that is run twice: with the SDK's program in the page, and with it in a worker. */
export function inBothPlaces(name, run) {
  test(name, (t) => run(t, {}));
  test(`${name}, in a worker`, (t) => run(t, { worker: true }));
}

class Profile {
  constructor(shared, proxy, context, worker) {
    this.worker = worker;
    this.shared = shared;
    this.proxy = proxy;
    this.context = context;
  }

  /**
   * A tab with the SDK and a client. `prepare` runs in it before any script of
   * the page's; `url` is another page than the usual one.
   */
  async tab({ url = this.shared.pages, prepare, ...options } = {}) {
    const page = await newPage(this.shared.browser, { context: this.context });
    if (prepare) await page.addInitScript(prepare);
    await page.goto(url);
    await this.start(page, options);
    return page;
  }

  /** A tab that is signed in as the user. */
  async signedIn(user, options) {
    const page = await this.tab(options);
    await signIn(page, user);
    return page;
  }

  /**
   * Makes the globals of a page: `client` and its `account`; newClient(), which
   * makes another; attempt(promise), which resolves with {value} or {error};
   * with `moved`, `ahead`, the milliseconds that the client's clock is ahead,
   * and with `slowed` as well, how many times slower time passes for it;
   * with `worker`, the SDK's program in a worker.
   */
  start(page, { client = {}, endpoint = this.proxy.endpoint, moved = false, slowed = 1, worker = this.worker } = {}) {
    return page.evaluate(
      ({ options, endpoint, project, moved, slowed, worker }) => {
        globalThis.newClient = (options) => new isojot.Client(options).setEndpoint(endpoint).setProject(project);
        globalThis.client = newClient(options);
        globalThis.account = client.account;
        globalThis.attempt = (promise) =>
          promise.then(
            (value) => ({ value }),
            ({ name, code, type, message, reason, advice, retryAfter }) => ({ error: { name, code, type, message, reason, advice, retryAfter } }),
          );
        globalThis.ahead = 0;
        const slow = {
          performance: { now: () => performance.now() / slowed },
          setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds * slowed),
          clearTimeout: (timer) => clearTimeout(timer),
        };
        if (moved) isojot.init({ scope: { now: () => Date.now() + ahead, ...(slowed > 1 && slow) } });
        if (worker) isojot.init({ worker: true });
      },
      { options: client, endpoint, project, moved, slowed, worker },
    );
  }
}

/** Signs a page's client in. */
export const signIn = (page, { email }) =>
  page.evaluate(([email, password]) => account.createEmailPasswordSession({ email, password }), [email, password]);

/** Signs a page's client out. */
export const signOut = (page) => page.evaluate(() => account.deleteSession("current"));

/** getToken() in a page: {value} or {error}. */
export const getToken = (page, options) => page.evaluate((options) => attempt(account.getToken(options)), options);

/** peekToken() in a page. */
export const peekToken = (page) => page.evaluate(() => account.peekToken());

/** Has a page write down what onAuthChange() tells; resolves when it can hear other tabs. */
export const listen = (page) =>
  page.evaluate(async () => {
    globalThis.changes = [];
    client.onAuthChange(({ type, userId }) => changes.push([type, userId]));
    await isojot.preload();
  });

/** Has a page's client look for other tabs, and waits until one has told of its token. */
export const offered = (page) =>
  page.evaluate(async () => {
    const { promise, resolve } = Promise.withResolvers();
    const ear = new BroadcastChannel(`isojot:demo@${client.config.endpoint}`);
    ear.onmessage = ({ data }) => JSON.parse(data).kind === "token" && resolve();
    client.onAuthChange(() => {});
    await promise;
    ear.close();
  });

/** Waits until a page that listens was told of that type, for that user where one is given. */
export const heard = (page, [type, userId]) =>
  page.waitForFunction(([type, userId]) => changes.some((one) => one[0] === type && (!userId || one[1] === userId)), [type, userId], { timeout: 10_000 });

/** The places of a page where a token is: in the client's hand, or in a storage. */
export async function tokensIn(page) {
  const { held, ...stored } = await page.evaluate(() => ({ ...sessionStorage, ...localStorage, held: JSON.stringify(account.peekToken()) }));
  return Object.entries({ held, ...stored }).filter(([, value]) => JWT.test(value)).map(([name]) => name);
}

// Three parts between dots, of which the first is a JSON object.
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

let users = 0;

/** Makes a new user. */
export async function newUser({ isojot }, name = "user") {
  const userId = `${name}-${++users}`;
  const email = `${userId}@example.com`;
  await api(isojot, "POST", "/account", { body: { userId, email, password } });
  return { userId, email };
}

/** Makes a session of the user, as a server does, and gives it with its secret. */
export const newSession = ({ isojot }, { email }) =>
  api(isojot, "POST", "/account/sessions/email", { body: { email, password }, key: KEY });

/** Makes a JWT of a session that newSession() made. */
export async function newJWT({ isojot }, { secret }, body = {}) {
  return (await api(isojot, "POST", "/account/jwts", { body, session: secret })).jwt;
}

/** Ends all sessions of a user from elsewhere. */
export const endSessions = ({ isojot }, { userId }) => api(isojot, "DELETE", `/users/${userId}/sessions`, { key: KEY });

/** Blocks a user. */
export const block = ({ isojot }, { userId }) => api(isojot, "PATCH", `/users/${userId}/status`, { body: { status: false }, key: KEY });

/** Whom the server takes the bearer of a JWT for. */
export const bearer = async ({ isojot }, jwt) => (await api(isojot, "GET", "/account", { jwt })).$id;

async function api(isojot, method, path, { body, ...credentials }) {
  const headers = { "X-Appwrite-Project": project };
  for (const [name, value] of Object.entries(credentials)) headers[`X-Appwrite-${name}`] = value;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(isojot.endpoint + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return text && JSON.parse(text);
}
