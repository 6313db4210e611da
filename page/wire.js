// The inspector's ear: a fetch that notes what it carries. The SDK is given
// it at init, and the page's own calls use it too, so that the log shows the
// exact requests. It changes nothing on the way.

/** How many exchanges are kept. */
const kept = 30;

/** Headers of an answer that say something about sessions, tokens or limits. */
const telling = [
  'content-type', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset',
  'retry-after', 'x-fallback-cookies', 'www-authenticate',
];

/** Exchanges, newest first. */
export const exchanges = [];
const listeners = new Set();

/** Calls listener(exchange) after each exchange, with null after a clear. */
export function onExchange(listener) {
  listeners.add(listener);
}

export function clearExchanges() {
  exchanges.length = 0;
  for (const listener of listeners) listener(null);
}

function note(exchange) {
  exchanges.unshift(exchange);
  exchanges.length = Math.min(exchanges.length, kept);
  for (const listener of listeners) listener(exchange);
}

/** Has the signature of fetch, and notes the exchange. */
export async function fetch(input, init = {}) {
  const request = describeRequest(input, init);
  const started = performance.now();
  try {
    const response = await globalThis.fetch(input, init);
    note({request, ...await describeResponse(response), ms: performance.now() - started});
    return response;
  } catch (error) {
    note({request, status: 0, headers: {}, body: '', problem: error.message, ms: performance.now() - started});
    throw error;
  }
}

/**
 * Runs an action and gives {value, error, exchange}: what it came to, and the
 * last exchange it made on the wire, if it made one.
 */
export async function capture(action) {
  const before = exchanges[0];
  const outcome = {};
  try {
    outcome.value = await action();
  } catch (error) {
    outcome.error = error;
  }
  if (exchanges[0] !== before) outcome.exchange = exchanges[0];
  return outcome;
}

function describeRequest(input, init) {
  const headers = Object.fromEntries(new Headers(init.headers).entries());
  const credentials = init.credentials ?? 'same-origin';
  return {
    method: init.method ?? 'GET',
    url: new URL(input, location.href).href,
    headers,
    credentials,
    body: text(init.body),
    lane: lane(headers, credentials),
  };
}

function lane(headers, credentials) {
  const jwt = 'x-appwrite-jwt' in headers || /^bearer /i.test(headers.authorization ?? '');
  const session = credentials !== 'omit' || 'x-appwrite-session' in headers || 'x-fallback-cookies' in headers;
  if (jwt && session) return 'JWT + session';
  if (jwt) return 'JWT';
  return session ? 'session' : 'guest';
}

async function describeResponse(response) {
  const headers = {};
  for (const name of telling) {
    const value = response.headers.get(name);
    if (value != null) headers[name] = value;
  }
  return {status: response.status, headers, body: await response.clone().text()};
}

function text(body) {
  if (body == null) return '';
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

/** The text with passwords, codes, tokens and other secrets cut short. */
export function mask(value) {
  return String(value)
    .replace(/("(?:password|oldPassword|secret|otp)"\s*:\s*")[^"]+"/g, '$1••••"')
    .replace(/("uri"\s*:\s*"otpauth:)[^"]+"/g, '$1••••"')
    .replace(/("recoveryCodes"\s*:\s*\[)[^\]]+\]/g, '$1••••]')
    .replace(/\b(eyJ[\w-]{4})[\w-]*\.[\w-]*\.[\w-]*/g, '$1••••')
    .replace(/(a_session_[^"]*":\s*")[^"]{8,}"/g, '$1••••"');
}

/**
 * The request as a curl command. The browser's cookie is not readable for
 * scripts, so a session is a variable to fill in; a password too.
 */
export function asCurl(request) {
  const quote = (value) => `'${value.replaceAll("'", `'\\''`)}'`;
  const parts = ['curl -i', request.method === 'GET' ? '' : `-X ${request.method}`, quote(request.url)];
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== 'x-fallback-cookies') parts.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  if (request.lane.includes('session')) parts.push('-H "X-Appwrite-Session: $SESSION"');
  if (request.body) parts.push(`--data ${quote(mask(request.body))}`);
  return parts.filter(Boolean).join(' ');
}
