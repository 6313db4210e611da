// Which server and project the page talks to, and the SDK client that does it. A
// page served by isojot asks its server; any other asks the reader.

import {byId, onSubmit, say} from './dom.js';
import {update} from './state.js';
import {fetch, onExchange} from './wire.js';

/** The client in use, which acts by the session's cookie. */
export const sdk = {client: null};

/** The account service of that client. */
export function account() {
  if (!sdk.client) throw new Error('The SDK is not loaded, see the message at the start: reload the page to try again.');
  return sdk.client.account;
}

/** {endpoint, project} in use. */
export const target = {endpoint: '', project: ''};

/** Loads the SDK. Gives the milliseconds from asking to ready. */
export async function loadSDK() {
  if (!globalThis.isojot) {
    throw new Error('The SDK (isojot.js) did not load. Run "make build", then start "bin/isojot serve" again.');
  }
  const started = performance.now();
  await globalThis.isojot.init({scope: {fetch}});
  await globalThis.isojot.preload();
  return performance.now() - started;
}

// Where the server may be, likeliest first: the page is at its root or below
// console/, and a proxy may have a prefix before both.
function roots() {
  const here = new URL('.', location.href);
  return here.pathname.endsWith('/console/') ? [new URL('..', here), here] : [here];
}

// Asks the server at that root about itself; null when it is another.
async function loadInfo(root) {
  try {
    const response = await globalThis.fetch(new URL('_isojot/info', root), {credentials: 'omit'});
    return response.ok ? await response.json() : null;
  } catch {
    return null; // no such route, or no JSON: the page is hosted elsewhere
  }
}

let ownRoot = roots()[0];

// The server that served the page.
async function findServer() {
  const [first, ...others] = roots();
  for (const root of [first, ...others]) {
    const info = await loadInfo(root);
    if (info) return {root, info};
  }
  return {root: first, info: null};
}

/** The address of a file or route of the server that served the page. */
export function ownURL(path) {
  return new URL(path, ownRoot);
}

/** Makes the client for the endpoint and project, which the SDK checks. */
export function connect(endpoint, project) {
  sdk.client = new globalThis.isojot.Client().setEndpoint(endpoint).setProject(project);
  Object.assign(target, {endpoint, project});
  byId('endpoint').value = endpoint;
  byId('project').value = project;
  byId('connection-summary').textContent = `${endpoint.replace(/^https?:\/\//, '')} · ${project || 'no project'}`;
}

// The dot reports whether the last request to the endpoint got an answer at all.
function watch() {
  onExchange((exchange) => {
    if (!exchange?.request.url.startsWith(target.endpoint)) return;
    byId('sdk-dot').dataset.state = exchange.status ? 'ok' : 'bad';
  });
}

/** Opens the connection, and keeps it open to changes by the reader. */
export async function startConnection(reconnected) {
  watch();
  onSubmit('connection-form', async () => {
    connect(byId('endpoint').value.trim(), byId('project').value.trim());
    byId('connection').open = false;
    await reconnected();
    say(`Talking to ${target.endpoint}, project ${target.project}.`, 'ok');
  });
  const {root, info} = await findServer();
  ownRoot = root;
  update({info});
  connect(new URL('v1', root).href, info?.project ?? '');
  if (!info) byId('connection').open = true;
  return Boolean(info);
}
