// "Other ways in": magic link, codes by mail and text message, recovery, OAuth2.

import {byId, codeField, form, onClick, onSubmit, say} from './dom.js';
import {subscribe} from './state.js';
import {account} from './connection.js';
import {linkBack} from './arrival.js';
import {welcome} from './session.js';

/** Binds the topic. */
export function startWays() {
  onSubmit('way-mail-form', mailLink);
  onClick('way-code', mailCode);
  onClick('way-recovery', recover);
  onSubmit('way-phone-form', textCode);
  onClick('way-toy', signInAtToy);
  subscribe(({info}) => { byId('way-oauth2').hidden = !info?.dev; });
}

const email = () => byId('way-email').value.trim();
const unique = () => globalThis.isojot.ID.unique();

async function mailLink() {
  await account().createMagicURLToken({userId: unique(), email: email(), url: linkBack('magic')});
  say('The magic link is in the mail: follow it.', 'ok');
}

async function mailCode() {
  askCode(await account().createEmailToken({userId: unique(), email: email()}));
  say('The code is in the mail.', 'ok');
}

async function textCode() {
  askCode(await account().createPhoneToken({userId: unique(), phone: byId('way-phone').value.trim()}));
  say('The code is in a text message.', 'ok');
}

async function recover() {
  await account().createRecovery({email: email(), url: linkBack('recovery')});
  say('If that address has an account, the link is in the mail. Nobody is told whether it has.', 'ok');
}

function askCode({userId}) {
  const box = byId('way-code-box');
  box.replaceChildren(form({}, 'Sign in with the code', async ({code}) => {
    await account().createSession({userId, secret: code});
    box.replaceChildren();
    await welcome();
  }, codeField()));
  box.querySelector('input').focus();
}

// The browser leaves this page: the session is there when it comes back.
async function signInAtToy() {
  account().createOAuth2Session({provider: 'dev', success: linkBack('oauth2'), failure: linkBack('oauth2')});
}
