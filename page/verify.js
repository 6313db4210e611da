// "Verify address and phone": a link by mail, a code by text message.

import {button, byId, codeField, el, field, form, say} from './dom.js';
import {state, subscribe} from './state.js';
import {account} from './connection.js';
import {linkBack} from './arrival.js';
import {refreshUser} from './session.js';

let drawn;

/** Binds the topic. */
export function startVerify() {
  subscribe(({user}) => {
    if (user === drawn) return; // what is being typed stays
    drawn = user;
    byId('verify').replaceChildren(...(user ? topic(user) : [el('p', {class: 'empty'}, 'Sign in first.')]));
  });
}

function topic(user) {
  return [
    line('E-mail', user.email, user.emailVerification),
    user.email && !user.emailVerification ? el('div', {class: 'row'}, button('Mail a link', mailLink, {class: ''})) : null,
    line('Phone', user.phone, user.phoneVerification),
    user.phone && !user.phoneVerification ? el('div', {class: 'row'}, button('Text a code', textCode, {class: ''})) : null,
    el('div', {id: 'verify-code'}),
    form({}, 'Change the phone', changePhone,
      field('Phone', {name: 'phone', type: 'tel', autocomplete: 'tel', placeholder: '+14155550123'}),
      field('Password', {name: 'password', type: 'password', autocomplete: 'current-password'})),
  ].filter(Boolean);
}

function line(what, value, verified) {
  return el('p', {class: 'fact'}, el('strong', {}, what), ` ${value || 'none'} `,
    value ? el('span', {class: `badge ${verified ? 'ok' : 'warn'}`}, verified ? 'verified' : 'not verified') : null);
}

async function mailLink() {
  await account().createEmailVerification({url: linkBack('verification')});
  say('The link is in the mail: follow it.', 'ok');
}

async function changePhone({phone, password}) {
  await account().updatePhone({phone, password});
  await refreshUser();
  say('The phone is changed. Now verify it.', 'ok');
}

async function textCode() {
  await account().createPhoneVerification();
  byId('verify-code').replaceChildren(form({}, 'Verify the phone', async ({code}) => {
    await account().updatePhoneVerification({userId: state.user.$id, secret: code});
    await refreshUser();
    say('The phone is verified.', 'ok');
  }, codeField()));
  byId('verify-code').querySelector('input').focus();
  say('The code is in a text message.', 'ok');
}
