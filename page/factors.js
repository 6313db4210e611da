// "Second factor": an authenticator, recovery codes, and whether sign-ins ask.

import {button, byId, codeField, copy, el, form, say} from './dom.js';
import {subscribe} from './state.js';
import {account} from './connection.js';
import {refreshUser} from './session.js';
import {showChallenge} from './challenge.js';
import {codeNow} from './totp.js';

let drawn;

/** Binds the topic. */
export function startFactors() {
  subscribe(({user}) => {
    if (user === drawn) return; // what is being typed stays
    drawn = user;
    byId('factors').replaceChildren(...(user ? topic(user) : [el('p', {class: 'empty'}, 'Sign in first.')]));
  });
}

function topic({mfa}) {
  return [
    el('p', {class: 'fact'}, el('strong', {}, 'At sign-in'), ' ',
      el('span', {class: `badge ${mfa ? 'ok' : 'warn'}`}, mfa ? 'asked for' : 'not asked for')),
    el('p', {class: 'lead'}, 'A session asks once there is a factor to show: an authenticator, or a verified address or phone.'),
    el('div', {class: 'row spaced'},
      button(mfa ? 'Stop asking' : 'Ask at sign-in', () => switchTo(!mfa), {class: ''}),
      button('Add an authenticator', enrol, {class: ''}),
      button('Remove it', () => again(removeAuthenticator), {class: ''})),
    el('div', {class: 'row spaced'},
      button('Create recovery codes', createCodes, {class: ''}),
      button('Show them again', () => again(async () => showCodes(await account().getMFARecoveryCodes())), {class: ''})),
    el('div', {id: 'factors-work', 'data-testid': 'factors-work'}),
  ];
}

const work = (...children) => byId('factors-work').replaceChildren(...children);

async function switchTo(mfa) {
  await account().updateMFA({mfa});
  await refreshUser();
  say(mfa ? 'Sign-ins are asked for a second factor from now on. This session goes on.' : 'Sign-ins are not asked any more.', 'ok');
}

async function enrol() {
  const {secret, uri} = await account().createMFAAuthenticator({type: 'totp'});
  const fill = globalThis.crypto.subtle && button('Fill in what it shows now', async () => {
    confirm.querySelector('input').value = await codeNow(secret);
    say('Filled in by this page, which knows the secret: a phone would do it apart from the browser.');
  }, {class: 'link'});
  const confirm = form({}, 'Confirm', async ({code}) => {
    await account().updateMFAAuthenticator({type: 'totp', otp: code});
    await refreshUser();
    say('The authenticator is confirmed. Create recovery codes, then sign out and in.', 'ok');
  }, codeField(), fill || null);
  work(
    el('p', {class: 'lead'}, 'Give this secret to an authenticator app: by hand, or as a URI.'),
    value(secret, 'Secret', 'totp-secret'), value(uri, 'URI', 'totp-uri'), confirm);
  confirm.querySelector('input').focus();
  say('Add the secret to an authenticator, then confirm with its code.');
}

async function removeAuthenticator() {
  await account().deleteMFAAuthenticator({type: 'totp'});
  await refreshUser();
  say('The authenticator is removed.', 'ok');
}

async function createCodes() {
  showCodes(await account().createMFARecoveryCodes());
}

function showCodes({recoveryCodes}) {
  work(
    el('p', {class: 'lead'}, 'Each works once, in place of the authenticator. Keep them where the authenticator is not.'),
    value(recoveryCodes.join(' '), 'Recovery codes', 'recovery-codes'));
  say('The recovery codes are shown.', 'ok');
}

function value(text, what, id) {
  return el('div', {class: 'command'}, el('code', {id, tabindex: '0', 'aria-label': what}, text),
    button('Copy', () => copy(text, what), {'aria-label': `Copy: ${what}`}));
}

// Some things need a factor that was shown within the last half hour. The server
// says so; then it is asked for here, and the thing done.
async function again(action) {
  try {
    await action();
  } catch (error) {
    if (error.type !== 'user_challenge_required') throw error;
    const host = el('div', {});
    work(el('p', {class: 'lead'}, error.message), host);
    await showChallenge(host, action);
  }
}
