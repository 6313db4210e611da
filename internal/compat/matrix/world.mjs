// What lists of checks are made of and run in. It is plain JavaScript, and needs
// no test runner. A check throws when it fails.
//
// `env` says where it runs:
//
//   endpoint, project   the server's, one that this origin may call
//   dead                an endpoint at which nothing listens
//   options             for init(): where the WebAssembly is, if it has to be said
//   browser             whether the platform keeps cookies and has no createServerClient()
//   sent                where the page's server tells what came to the endpoint; without it the program's own fetch does
//   name                part of the e-mail address, unlike any other run's
//   other               another user, signed in elsewhere: { userId, secret, jwt }

import { describe } from "./observe.mjs";

export const password = "correct horse battery";

/** Runs checks and resolves with [{ name, error }], where `error` is absent for those that passed. */
export async function runChecks(sdk, env, checks) {
  const world = new World(sdk, env);
  const results = [];
  for (const [name, check] of checks) {
    if (check.browser !== undefined && check.browser !== env.browser) continue;
    const error = await attempt(() => check.run(world));
    results.push({ name, ...(error && { error: describe(error) }) });
  }
  return results;
}

async function attempt(run) {
  try {
    await run();
  } catch (error) {
    return error;
  }
}

/** What the checks share: the user of this run, their client, and how to make others. */
export class World {
  constructor(sdk, env) {
    Object.assign(this, { sdk, env, userId: `u-${env.name}`, email: `${env.name}@example.com` });
    this.client = this.newClient();
    this.account = new sdk.Account(this.client);
  }

  newClient(options) {
    return new this.sdk.Client(options).setEndpoint(this.env.endpoint).setProject(this.env.project);
  }

  /** Signs the client in; where no cookies are kept it is told the session's secret. */
  async signIn() {
    const session = await this.account.createEmailPasswordSession({ email: this.email, password });
    if (!this.env.browser) this.client.setSession((this.secret = session.secret));
    return session;
  }

  /** Starts the Go program afresh; the function that it resolves with counts such requests since. */
  async counting() {
    await this.sdk.dispose();
    if (this.env.sent) return this.#countingAtServer();
    const sent = [];
    const fetch = (url, init) => {
      sent.push(`${init.method} ${new URL(url).pathname}`);
      return globalThis.fetch(url, init);
    };
    await this.sdk.init({ ...this.env.options, scope: { fetch } });
    return async (request) => sent.filter((one) => one === request).length;
  }

  // A worker's fetch cannot be replaced.
  async #countingAtServer() {
    const sent = async () => (await fetch(this.env.sent)).json();
    const before = (await sent()).length;
    await this.sdk.init(this.env.options);
    return async (request) => (await sent()).slice(before).filter((one) => one === request).length;
  }

  /** Goes back to the Go program as it is by default. */
  async restart() {
    await this.sdk.dispose();
    await this.sdk.init(this.env.options);
  }
}

const text = (value) => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v)) ?? String(value);

/** Throws unless the two are the same as JSON. */
export function equal(got, want, what = "") {
  if (text(got) !== text(want)) throw new Error(`${what} ${text(got)} instead of ${text(want)}`);
}

/** Throws unless the value is truthy. */
export function ok(value, what) {
  if (!value) throw new Error(what);
}

/** The error with which a call is refused, as the package's users know it by. */
export async function refusal({ sdk }, call) {
  const error = await call.then((value) => new Error(`not refused, but answered ${text(value)}`), (error) => error);
  if (!(error instanceof sdk.AppwriteException)) throw error;
  ok(typeof error.message === "string" && error.message !== "", "an error without a message");
  ok(error.reason === "unknown" || (typeof error.advice === "string" && error.advice !== ""), `no advice for ${error.reason}`);
  return error;
}

/** What the call throws. */
export function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

// Where a check is run.
export const everywhere = (run) => ({ run });
export const inBrowsers = (run) => ({ run, browser: true });
export const onServers = (run) => ({ run, browser: false });
