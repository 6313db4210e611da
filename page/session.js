// Step 1: sign up, sign in, anonymous, sign out; who is signed in, and with
// which sessions.

import {act, byId, describe, el, onClick, onSubmit, say, when} from './dom.js';
import {state, subscribe, update} from './state.js';
import {sdk} from './connection.js';

function account() {
  if (!sdk.client) throw new Error('The SDK is not loaded, see the message at the start: reload the page to try again.');
  return sdk.client.account;
}

/** Binds the controls of step 1. */
export function startSession() {
  subscribe(drawSession);
  onSubmit('sign-form', signIn);
  onClick('sign-up', signUp);
  onClick('anonymous', anonymous);
  onClick('sign-out', signOut);
  onClick('fill-demo', fillDemo);
}

/** Asks who is signed in. A guest is an answer, not an error. */
export async function refreshUser() {
  try {
    const user = await account().get();
    const {sessions} = await account().listSessions();
    update({user, sessions});
  } catch (error) {
    update({user: null, sessions: []});
    if (error.code !== 401) throw error;
  }
}

function typed() {
  return {email: byId('email').value.trim(), password: byId('password').value};
}

async function signUp() {
  const name = byId('name').value.trim();
  const user = await account().create({userId: globalThis.isojot.ID.unique(), ...typed(), ...(name && {name})});
  say(`Account of ${user.email} created. Now sign in: an account is not yet a session.`, 'ok');
  byId('sign-in').focus();
}

async function signIn() {
  await account().createEmailPasswordSession(typed());
  await welcome();
}

async function anonymous() {
  await account().createAnonymousSession();
  await welcome();
}

async function welcome() {
  update({budget: null});
  await refreshUser();
  byId('password').value = '';
  say(`Signed in as ${state.user?.email || 'an anonymous user'}.`, 'ok');
  byId('create-jwt').focus({preventScroll: true});
}

async function signOut() {
  await account().deleteSession({sessionId: 'current'});
  update({budget: null});
  await refreshUser();
  const rest = state.token ? ' The token is still here: call with it in step 3 and see it refused.' : '';
  say(`Signed out.${rest}`, 'ok');
}

async function endSession(session) {
  await account().deleteSession({sessionId: session.$id});
  await refreshUser();
  say(`Session ${session.$id} ended, and with it every token it made.`, 'ok');
}

function fillDemo() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  byId('name').value = 'Ada Lovelace';
  byId('email').value = `ada-${random[0].toString(36)}@example.com`;
  byId('password').value = `analytical-${random[1].toString(36)}`;
  say('A made-up user is filled in. Sign up, then sign in.');
  byId('sign-up').focus();
}

function drawSession({user, sessions}) {
  byId('sign-form').hidden = Boolean(user);
  byId('signed').hidden = !user;
  byId('user').replaceChildren(...(user ? userLines(user) : []));
  byId('sessions').replaceChildren(...sessions.map(sessionLine));
}

function userLines(user) {
  const title = user.name || user.email || 'Anonymous';
  return [
    el('span', {class: 'avatar', 'aria-hidden': 'true'}, title.slice(0, 1).toUpperCase()),
    el('div', {},
      el('strong', {}, title),
      user.email ? el('span', {class: 'email'}, user.email) : el('span', {class: 'email'}, 'no e-mail address'),
      el('code', {}, user.$id)),
  ];
}

function sessionLine(session) {
  const end = el('button', {
    type: 'button', class: 'small', 'aria-label': `End session ${session.$id}`,
    onclick: ({currentTarget}) => act(currentTarget, () => endSession(session)),
  }, 'End');
  return el('li', {},
    el('div', {},
      el('code', {}, session.$id),
      el('small', {}, `${session.provider} · since ${when(session.$createdAt)} · until ${when(session.expire)}`)),
    session.current ? el('span', {class: 'badge ok'}, 'this one') : end);
}

/** What went wrong at the start, when it was more than being a guest. */
export function explainStart(error) {
  return `The server did not say who is signed in. ${describe(error)}`;
}
