// Asks for a factor and its code: at sign-in, and before what needs it again.

import {button, codeField, el, form, say} from './dom.js';
import {account} from './connection.js';

/** The factors: the member of listMFAFactors, the name in a challenge, and what the button says. */
const kinds = [
  ['totp', 'totp', 'Authenticator'],
  ['email', 'email', 'Mail a code'],
  ['phone', 'phone', 'Text a code'],
  ['recoveryCode', 'recoverycode', 'Recovery code'],
];

/** Draws the factors that the user has into host; done() follows a right answer. */
export async function showChallenge(host, done) {
  host.replaceChildren();
  const usable = await account().listMFAFactors();
  const answer = el('div', {});
  const choices = kinds.filter(([member]) => usable[member]).map(([, factor, text]) =>
    button(text, () => ask(factor, answer, host, done), {class: ''}));
  host.replaceChildren(el('div', {class: 'row spaced', role: 'group', 'aria-label': 'Factors'}, ...choices), answer);
  host.querySelector('button')?.focus({preventScroll: true});
}

async function ask(factor, answer, host, done) {
  const {$id} = await account().createMFAChallenge({factor});
  const numeric = factor !== 'recoverycode';
  answer.replaceChildren(form({}, 'Show the factor', async ({code}) => {
    await account().updateMFAChallenge({challengeId: $id, otp: code});
    host.replaceChildren();
    await done();
  }, codeField({inputmode: numeric ? 'numeric' : 'text'})));
  answer.querySelector('input').focus();
  say(factor === 'email' || factor === 'phone' ? 'The code is under way.' : 'The challenge is made: answer it with a code.');
}
