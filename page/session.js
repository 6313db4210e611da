// Step 1: sign up, sign in, anonymous, sign out; who is signed in, and with
// which sessions.

import {button, byId, describe, el, onClick, onSubmit, say, when} from './dom.js';
import {state, subscribe, update} from './state.js';
import {account} from './connection.js';
import {showChallenge} from './challenge.js';

/** Binds the controls of step 1. */
export function startSession() {
  subscribe(drawSession);
  onSubmit('sign-form', signIn);
  onClick('sign-up', signUp);
  onClick('anonymous', anonymous);
  onClick('sign-out', signOut);
  onClick('sign-out-factor', signOut);
  onClick('fill-demo', fillDemo);
}

/** Asks who is signed in. A guest is an answer, not an error, and so is a session that lacks its second factor. */
export async function refreshUser() {
  try {
    const user = await account().get();
    const {sessions} = await account().listSessions();
    update({user, sessions, lacksFactor: false});
  } catch (error) {
    update({user: null, sessions: [], lacksFactor: error.type === 'user_more_factors_required'});
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

/** Draws who is signed in now, after any way in. */
export async function welcome() {
  update({budget: null});
  await refreshUser();
  byId('password').value = '';
  if (state.lacksFactor) {
    say('The first factor is right. This session can do nothing before it has shown the second: see step 1.');
    return;
  }
  say(`Signed in as ${nameOf(state.user)}.`, 'ok');
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

/** What a user is called in a sentence. */
export function nameOf(user) {
  return user?.email || user?.phone || 'an anonymous user';
}

let asked = false;

// The challenge is drawn when the session turns out to lack a factor, and left
// alone until it does not.
function drawFactor(lacksFactor) {
  byId('factor').hidden = !lacksFactor;
  if (lacksFactor && !asked) showChallenge(byId('factor-challenge'), welcome).catch((error) => say(describe(error), 'bad'));
  asked = lacksFactor;
}

function drawSession({user, sessions, lacksFactor}) {
  drawFactor(lacksFactor);
  byId('sign-form').hidden = Boolean(user) || lacksFactor;
  byId('signed').hidden = !user;
  byId('user').replaceChildren(...(user ? userLines(user) : []));
  byId('sessions').replaceChildren(...sessions.map(sessionLine));
}

function userLines(user) {
  const title = user.name || user.email || user.phone || 'Anonymous';
  return [
    el('span', {class: 'avatar', 'aria-hidden': 'true'}, title.slice(0, 1).toUpperCase()),
    el('div', {},
      el('strong', {}, title),
      el('span', {class: 'email'}, user.email || 'no e-mail address'),
      el('code', {}, user.$id)),
  ];
}

function sessionLine(session) {
  const end = button('End', () => endSession(session), {'aria-label': `End session ${session.$id}`});
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
