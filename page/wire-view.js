// Draws the exchanges of wire.js, newest first.

import {byId, copy, el, onClick} from './dom.js';
import {asCurl, clearExchanges, exchanges, mask, onExchange} from './wire.js';

/** Binds the log. */
export function startWireView() {
  onClick('clear-wire', clearExchanges);
  onExchange(draw);
}

// A new exchange is put on top; the rest is left alone, so that an entry that
// the reader opened stays open.
function draw(exchange) {
  const list = byId('exchanges');
  if (exchange) list.prepend(entry(exchange));
  while (list.children.length > exchanges.length) list.lastElementChild.remove();
  byId('wire-none').hidden = exchanges.length > 0;
}

function entry({request, status, headers, body, problem, ms}) {
  const {pathname, host} = new URL(request.url);
  const where = host === location.host ? pathname : host + pathname;
  const tone = status >= 200 && status < 400 ? 'ok' : 'bad';
  return el('li', {}, el('details', {},
    el('summary', {},
      el('span', {class: `badge ${tone}`}, String(status || 'none')),
      el('code', {class: 'where'}, el('b', {}, request.method), ` ${where}`),
      el('span', {class: 'lane'}, request.lane),
      el('span', {class: 'ms'}, `${Math.round(ms)} ms`)),
    el('pre', {tabindex: '0'}, requestText(request)),
    el('pre', {tabindex: '0'}, problem ?? responseText(status, headers, body)),
    el('button', {type: 'button', class: 'small', onclick: () => copy(asCurl(request), 'curl command')}, 'Copy as curl')));
}

function requestText(request) {
  const lines = [`${request.method} ${request.url}`];
  if (request.credentials !== 'omit') lines.push('cookie: (added by the browser, if there is one)');
  return [...lines, ...headerLines(request.headers), '', mask(request.body)].join('\n').trim();
}

function responseText(status, headers, body) {
  return [`HTTP ${status}`, ...headerLines(headers), '', mask(pretty(body))].join('\n').trim();
}

function headerLines(headers) {
  return Object.entries(headers).map(([name, value]) => `${name}: ${mask(value)}`);
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // not JSON, or empty
  }
}
