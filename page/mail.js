// The mail and text messages that the server keeps instead of sending them. It
// tells them to its own page alone; the page waits for them while it is visible.

import {button, byId, copy, describe, el, onClick, say, when} from './dom.js';
import {subscribe} from './state.js';
import {ownURL} from './connection.js';

/** How many messages are shown. */
const kept = 30;

/** How long a request waits for the next message, and how long the page waits after a failure. */
const wait = {seconds: 30, again: 5000};

const empty = 'No mail yet. Under --dev, without an SMTP server, this server keeps here what it would send.';
const elsewhere = 'With an SMTP server, mail goes to people, and no page can read it: start with --dev to see it here.';

let last = '';
let waiting = null;
let following = false;

/** Binds the panel. */
export function startMail() {
  onClick('clear-mail', clear);
  subscribe(({info}) => {
    if (following === Boolean(info?.dev)) return;
    following = Boolean(info?.dev);
    follow();
  });
  document.addEventListener('visibilitychange', follow);
  showCount();
  none(elsewhere);
}

// One tab that is looked at is one connection.
function follow() {
  waiting?.abort();
  waiting = null;
  if (!following || document.visibilityState === 'hidden') return;
  waiting = new AbortController();
  listen(waiting.signal).catch((error) => say(describe(error), 'bad'));
}

async function listen(signal) {
  // The first answer comes at once, so that the panel can say that there is none.
  for (let seconds = 0; !signal.aborted; seconds = wait.seconds) {
    try {
      const response = await globalThis.fetch(address({after: last, wait: seconds}), {credentials: 'omit', signal});
      const answer = await response.json();
      if (signal.aborted) return;
      if (response.status === 403 || response.status === 404) {
        none(`${answer.message} ${elsewhere}`);
        return;
      }
      if (!response.ok) throw new Error(answer.message);
      none(empty);
      show(answer.messages);
    } catch (error) {
      if (signal.aborted) return;
      none(`The messages cannot be read now: ${error.message}`);
      await new Promise((resolve) => { setTimeout(resolve, wait.again); });
    }
  }
}

function address(query = {}) {
  const url = ownURL('_isojot/mail');
  for (const [name, value] of Object.entries(query)) if (value !== '') url.searchParams.set(name, value);
  return url;
}

function show(messages) {
  if (!messages.length) return;
  last = messages.at(-1).$id;
  const list = byId('messages');
  list.prepend(...messages.map(entry).reverse());
  while (list.children.length > kept) list.lastElementChild.remove();
  showCount();
}

function showCount() {
  const count = byId('messages').children.length;
  byId('mail-none').hidden = count > 0;
  byId('clear-mail').hidden = !count;
  byId('strip-account').dataset.state = count ? 'ok' : 'idle';
  byId('strip-account-text').textContent = count ? `${count} ${count === 1 ? 'message' : 'messages'}` : 'No mail yet';
}

function none(text) {
  byId('mail-none').textContent = text;
}

function entry({$id, channel, to, subject, text, links, codes, $createdAt}) {
  return el('li', {'data-message': $id, 'data-to': to},
    el('p', {class: 'envelope'}, el('strong', {}, subject || 'Text message'), el('small', {}, `${channel === 'text' ? 'text' : 'mail'} to ${to} · ${when($createdAt)}`)),
    el('pre', {tabindex: '0'}, ...linked(text, links)),
    codes.length ? el('div', {class: 'row'}, ...codes.map((code) =>
      button(`Copy ${code}`, () => copy(code, 'Code'), {'data-code': code}))) : null);
}

// The text with its links to follow. Nothing but http leads anywhere.
function linked(text, links) {
  const parts = [];
  let rest = text;
  for (const link of links.filter((url) => /^https?:/i.test(url))) {
    const at = rest.indexOf(link);
    if (at < 0) continue;
    parts.push(rest.slice(0, at), el('a', {href: link, ...(here(link) ? {} : {target: '_blank', rel: 'noreferrer'})}, link));
    rest = rest.slice(at + link.length);
  }
  return [...parts, rest];
}

function here(link) {
  return new URL(link).origin === location.origin;
}

async function clear() {
  const response = await globalThis.fetch(address(), {method: 'DELETE', credentials: 'omit'});
  if (!response.ok) throw new Error((await response.json()).message);
  byId('messages').replaceChildren();
  showCount();
  say('All messages are deleted.', 'ok');
}
