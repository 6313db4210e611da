// Serves 10,000 requests of 100 users in this one process and prints, as JSON,
// what went wrong, what was sent, and what the process holds in between. Run by
// ssr.test.mjs as bin/isojot exec --limits off -- node --expose-gc js/test/requests.mjs
import { createServerClient, init, stats } from "../dist/isojot.node.mjs";

const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;
const [USERS, AT_ONCE, MEASURED] = [100, 50, [2000, 6000, 10_000]];

const sent = {};
const fetched = (url, request) => {
  const route = `${request.method} ${new URL(url).pathname}`;
  sent[route] = (sent[route] ?? 0) + 1;
  return fetch(url, request);
};
await init({ scope: { fetch: fetched } });

// A browser's cookies, and those of one of its requests as a framework has them.
const browsers = await Promise.all(Array.from({ length: USERS }, signIn));
const requestOf = ({ cookie }) => new Request("http://app.test/", { headers: { cookie } });

async function signIn() {
  const browser = { cookie: "" };
  const setAll = (list) => (browser.cookie = list.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("; "));
  const client = createServerClient({ endpoint, project, cookies: { getAll: () => browser.cookie, setAll } });
  browser.userId = (await client.account.createAnonymousSession()).userId;
  client.close();
  return browser;
}

// One request: reads the user and now and then asks for the token. Returns the
// ids that it saw. One of a thousand forgets close().
async function serve(number, browser) {
  const client = createServerClient({ endpoint, project, cookies: requestOf(browser) });
  try {
    const seen = [(await client.account.get()).$id];
    if (number % 3 === 0) seen.push((await client.account.getToken()).userId);
    if (number % 7 === 0) seen.push(...(await Promise.all([client.account.getSession("current"), client.account.getToken()])).map(({ userId }) => userId));
    return seen;
  } finally {
    if (number % 1000 !== 999) client.close();
  }
}

async function measure(served) {
  // In turns: what a request forgot to close its finalizer closes, in a task of its own.
  for (let i = 0; i < 10; i++) {
    gc();
    await new Promise(setImmediate);
  }
  return { served, heap: process.memoryUsage().heapUsed, ...stats() };
}

let next = 0;
const mixed = [];
async function worker(until) {
  while (next < until) {
    const number = next++;
    const browser = browsers[(number * 37) % USERS];
    const seen = await serve(number, browser);
    if (seen.some((id) => id !== browser.userId)) mixed.push({ number, seen, userId: browser.userId });
  }
}

const measured = [];
for (const until of MEASURED) {
  await Promise.all(Array.from({ length: AT_ONCE }, () => worker(until)));
  measured.push(await measure(next));
}
console.log(JSON.stringify({ mixed, sent, measured }));
