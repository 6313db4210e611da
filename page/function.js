// "Through a function": the server runs a program of yours beside itself, which
// acts for whoever executes it (examples/function-go, examples/function-node).

import {byId, copy, el, onClick, say, when} from './dom.js';
import {state} from './state.js';
import {sdk, target} from './connection.js';
import {capture, fetch, mask} from './wire.js';
import {explained, fromExchange, fromSDK, needsToken, run} from './answers.js';

/** Starts a server with the function; `make run` has it already. */
const command = 'make run';

/** How an execution is created, by who creates it: gives {value, error, exchange}. */
const callers = {
  session: (params) => capture(() => sdk.client.functions.createExecution(params)),
  jwt: (params) => createPlainly(params, {'X-Appwrite-JWT': state.token.jwt}),
  guest: (params) => createPlainly(params, {}),
};

/** The examples, which tell at /claims what their token says. */
const tellClaims = ['whoami', 'function-go', 'function-node'];

/** Binds the panel. */
export function startFunction() {
  byId('function-command').textContent = command;
  onClick('copy-function-command', () => copy(command, 'Command'));
  for (const who of Object.keys(callers)) onClick(`function-${who}`, () => execute(who));
}

async function execute(who) {
  const functionId = byId('function-id').value.trim();
  byId('function-token').replaceChildren();
  const {answer, line} = await run('function', () => ask(who, {functionId}));
  if (answer.handed) byId('function-token').replaceChildren(...handed(await answer.handed()));
  say(`Function: ${line}`, answer.status >= 200 && answer.status < 300 ? 'ok' : 'bad');
}

async function ask(who, params) {
  if (who === 'jwt' && !state.token) return needsToken;
  const outcome = await callers[who](params);
  if (!outcome.value) return who === 'session' ? fromSDK(outcome) : fromExchange(outcome);
  const {status, responseStatusCode, responseBody, duration} = outcome.value;
  return {
    ...explained(responseStatusCode, mask(responseBody)),
    note: `The execution is ${status} after ${duration.toFixed(3)} s: this is what the function answered.`,
    handed: () => claims(who, params),
  };
}

// Other functions are executed once: they may do something.
async function claims(who, params) {
  if (!tellClaims.includes(params.functionId)) return null;
  const {value} = await callers[who]({...params, path: '/claims'});
  try {
    const {userId, sessionId, exp} = JSON.parse(value.responseBody);
    return Number.isFinite(exp) ? {userId, sessionId, exp} : null;
  } catch {
    return null; // no JSON, or no answer
  }
}

function handed(token) {
  if (!token) return [];
  const facts = [
    ['userId', token.userId, 'the user it acts for'],
    ['sessionId', token.sessionId || 'none', 'the session it ends with, also while the function runs'],
    ['exp', String(token.exp), `valid until ${when(token.exp * 1000)}`],
  ];
  return [
    el('h4', {}, 'The token that it was handed'),
    el('dl', {class: 'facts'}, ...facts.flatMap(([name, value, meaning]) => [
      el('dt', {class: 'part-payload'}, name),
      el('dd', {}, el('code', {}, value), el('small', {}, ` ${meaning}`)),
    ])),
  ];
}

// The SDK would send the cookie along, and renew a token that has expired: what
// the page shows is what this token is worth.
async function createPlainly({functionId, path}, headers) {
  const url = `${target.endpoint.replace(/\/+$/, '')}/functions/${encodeURIComponent(functionId)}/executions`;
  const outcome = await capture(() => fetch(url, {
    method: 'POST',
    credentials: 'omit',
    headers: {'X-Appwrite-Project': target.project, 'Content-Type': 'application/json', ...headers},
    body: JSON.stringify({path}),
  }));
  return outcome.exchange?.status === 201 ? {...outcome, value: JSON.parse(outcome.exchange.body)} : {...outcome, value: undefined};
}
