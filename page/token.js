// Step 2: create a JWT with the session, read it, watch it run out.

import {byId, copy, onClick, onSubmit, say} from './dom.js';
import {state, update} from './state.js';
import {sdk} from './connection.js';
import {capture} from './wire.js';
import {clockSkew} from './countdown.js';
import {reason} from './answers.js';
import {startTokenView} from './token-view.js';

/** Binds the controls of step 2. */
export function startToken() {
  startTokenView();
  onSubmit('jwt-form', createJWT);
  onSubmit('paste-form', pasteToken);
  onClick('copy-token', () => copy(state.token.jwt, 'Token'));
  for (const chip of document.querySelectorAll('[data-seconds]')) {
    chip.addEventListener('click', () => { byId('duration').value = chip.dataset.seconds; });
  }
}

async function createJWT() {
  const typed = byId('duration').value.trim();
  // Left empty, the server's own default holds.
  const params = typed === '' ? {} : {duration: Number(typed)};
  const {value, error, exchange} = await capture(() => sdk.client.account.createJWT(params));
  noteBudget(exchange);
  if (error) throw explained(error, exchange);
  await adopt(value.jwt, params.duration ?? 0);
  say('JWT created. Call with it in step 3.', 'ok');
}

function explained(error, exchange) {
  const wait = Number(exchange?.headers['retry-after']);
  const hints = [reason(error.type), wait ? `Try again in ${Math.ceil(wait / 60)} min.` : ''].filter(Boolean);
  if (hints.length) error.message = `${error.message} ${hints.join(' ')}`;
  return error;
}

// Same-origin pages can read these headers, and those of a server that exposes
// them; elsewhere there is no meter.
function noteBudget(exchange) {
  const header = (name) => {
    const value = exchange?.headers[name];
    return value === undefined ? null : Number(value);
  };
  const limit = header('x-ratelimit-limit');
  if (limit === null) return;
  update({budget: {limit, remaining: header('x-ratelimit-remaining'), reset: header('x-ratelimit-reset')}});
}

async function pasteToken() {
  const jwt = byId('paste').value.trim();
  if (!jwt) {
    say('Paste a token first: three parts with dots between them.', 'bad');
    return;
  }
  await adopt(jwt, 0);
  say(state.token.problem ? `Not readable: ${state.token.problem}` : 'Token taken over. Whether it is good, step 3 tells.',
    state.token.problem ? 'bad' : 'ok');
}

// adopt makes jwt the token of the page. An unreadable one is kept as well, so
// that its refusal in step 3 can be seen.
async function adopt(jwt, seconds) {
  const token = {jwt, claims: null, problem: '', skew: 0, seconds};
  try {
    token.claims = await globalThis.isojot.decodeJWT(jwt);
    token.skew = clockSkew(token.claims, seconds);
  } catch (error) {
    token.problem = error.message;
  }
  update({token, verdict: null});
}
