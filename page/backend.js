// "Through your Go back end": the JWT goes to another program, which acts for
// the user with it (examples/go-server).

import {byId, copy, onClick, onSubmit, say} from './dom.js';
import {state, update} from './state.js';
import {target} from './connection.js';
import {capture, fetch} from './wire.js';
import {fromExchange, run} from './answers.js';

/** What the example assumes when it is given no flags. */
const defaults = {
  endpoint: ['http://127.0.0.1:7519/v1', 'http://localhost:7519/v1'],
  project: 'demo',
  origins: ['http://127.0.0.1:7519', 'http://localhost:7519'],
};

/** Binds the panel. */
export function startBackend() {
  onSubmit('backend-form', callBackend);
  onClick('copy-command', () => copy(command(), 'Command'));
}

/** Shows the command for the server in use. */
export function drawCommand() {
  byId('backend-command').textContent = command();
}

function command() {
  const flags = [];
  if (!defaults.endpoint.includes(target.endpoint)) flags.push(`-endpoint ${target.endpoint}`);
  if (target.project && target.project !== defaults.project) flags.push(`-project ${target.project}`);
  if (!defaults.origins.includes(location.origin)) flags.push(`-allow-origin ${location.origin}`);
  return ['go run -C examples/go-server .', ...flags].join(' ');
}

async function callBackend() {
  const {answer, line} = await run('backend', ask);
  say(`Back end: ${line}`, answer.status >= 200 && answer.status < 300 ? 'ok' : 'bad');
}

async function ask() {
  const url = byId('backend-url').value.trim();
  const headers = state.token ? {Authorization: `Bearer ${state.token.jwt}`} : {};
  const outcome = await capture(() => fetch(url, {credentials: 'omit', headers}));
  if (outcome.error) return unreachable(url, outcome.error);
  const answer = fromExchange(outcome);
  if (state.token) update({verdict: {code: answer.status, type: answer.type}});
  return state.token ? answer : {...answer, note: 'No token was sent: there is none yet. Create one in step 2.'};
}

// A browser tells neither "nobody listens" from "origin not allowed" nor why
// it refused: all are the same TypeError. So the note names all of them.
function unreachable(url, error) {
  const notes = [
    'Either it is not running: start it with the command shown here.',
    `Or it does not allow this page: give it -allow-origin ${location.origin}.`,
    state.info && !local(url) ? "Or it is not on this machine: the page's content security policy lets it call nothing else." : '',
  ];
  return {
    status: 0,
    message: `No answer from ${url || 'an empty address'} (${error.message}).`,
    note: notes.filter(Boolean).join(' '),
  };
}

function local(url) {
  return ['localhost', '127.0.0.1', location.hostname].includes(new URL(url, location.href).hostname);
}
