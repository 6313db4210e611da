// Draws one answer of step 3: the status, the error type, what the server
// said, why, and the JSON.

import {byId, el} from './dom.js';
import {state, update} from './state.js';

/** Why the server answers with a type, and what to do. */
const reasons = {
  general_unauthorized_scope: 'The server sees a guest: no credential came along, or the session it stands for has ended.',
  user_jwt_invalid: 'The token is malformed, expired, or signed with another key. Create a new one in step 2.',
  user_jwt_and_cookie_set: 'A JWT and a live session in one request are refused. The SDK never sends both; this call did on purpose.',
  user_jwt_creation_denied: 'A JWT cannot make another JWT: creating one takes the session.',
  user_blocked: 'The account is blocked. Neither its sessions nor its tokens work.',
  general_rate_limit_exceeded: 'The budget of this route is spent. Keep using the token you have until it expires.',
  general_unknown_origin: 'Start the server with --allow-origin and the address of this page.',
  function_not_found: 'This server has no such function. Start one that has with the command shown here.',
  deployment_not_found: 'The function is known, but nothing is there to run.',
  user_unauthorized: 'The function is not for this caller: who may execute it, its roles say.',
  project_not_found: 'Check the project id at the top of the page.',
};

/** The reason for an error type, or "". */
export function reason(type) {
  return reasons[type] ?? '';
}

/** Shows in output that the question is on its way. */
export function showBusy(output) {
  output.dataset.state = 'busy';
  output.replaceChildren(el('p', {class: 'note'}, 'Asking …'));
}

/**
 * Shows an answer: {status, type, message, body, note, unsent}. Status 0 means
 * that there was none, unsent that nothing was asked. Gives the line for the
 * status bar.
 */
export function showAnswer(output, answer) {
  const ok = answer.status >= 200 && answer.status < 300;
  output.dataset.state = ok ? 'ok' : answer.status ? 'refused' : 'failed';
  output.dataset.code = String(answer.status);
  output.dataset.type = answer.type ?? '';
  output.replaceChildren(...lines(answer, ok));
  const {calls} = state;
  update({calls: ok ? {...calls, ok: calls.ok + 1} : {...calls, refused: calls.refused + 1}});
  return [label(answer), answer.type, answer.message].filter(Boolean).join(' · ');
}

function lines(answer, ok) {
  const why = answer.note ?? reason(answer.type);
  return [
    el('p', {class: 'verdict'},
      el('span', {class: `badge ${ok ? 'ok' : 'bad'}`}, label(answer)),
      answer.type ? el('code', {class: 'type'}, answer.type) : null),
    answer.message ? el('p', {class: 'message'}, answer.message) : null,
    why ? el('p', {class: 'note'}, why) : null,
    answer.body ? json(answer.body, ok) : null,
  ].filter(Boolean);
}

function label({status, unsent}) {
  if (unsent) return 'not sent';
  return status ? String(status) : 'no answer';
}

// What was refused is said in the message already, so its JSON stays folded.
function json(body, open) {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  return el('details', {class: 'json', open},
    el('summary', {}, 'JSON'), el('pre', {tabindex: '0'}, text));
}

/** The answer in what capture() of wire.js gave for a call of the SDK. */
export function fromSDK({value, error, exchange}) {
  if (!error) return {status: exchange?.status ?? 0, body: value, message: greeting(value)};
  return {
    status: exchange?.status || error.code || 0,
    type: error.type,
    message: error.message,
    body: parse(error.response) ?? '',
    ...(exchange ? {} : {unsent: true, note: 'The SDK refused this call itself: nothing was sent.'}),
  };
}

/** The answer in a plain exchange of wire.js. */
export function fromExchange({error, exchange}) {
  if (error) return {status: 0, message: `No answer: ${error.message}`};
  return explained(exchange.status, exchange.body);
}

/** The answer in a status and the text of a body. */
export function explained(status, text) {
  const body = parse(text) ?? text;
  return {status, type: body.type, message: body.message ?? greeting(body), body};
}

/** The answer where a call by JWT lacks the JWT. */
export const needsToken = {status: 0, unsent: true, message: 'There is no token yet.', note: 'Create one in step 2 first.'};

function greeting(user) {
  if (!user?.$id) return '';
  return `Acts for ${user.name || user.email || 'the anonymous user'} (${user.$id}).`;
}

function parse(text) {
  if (text && typeof text === 'object') return text;
  try {
    return JSON.parse(text);
  } catch {
    return null; // not JSON: shown as it is
  }
}

/** Makes one card of the matrix answer its button, with ask() giving an answer. */
export async function run(id, ask) {
  const output = byId(`result-${id}`);
  showBusy(output);
  const answer = await ask();
  const line = showAnswer(output, answer);
  return {answer, line};
}
