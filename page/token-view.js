// How step 2 looks: the coloured token, its claims, the countdown, the budget.

import {byId, el, onClick, when} from './dom.js';
import {state, subscribe} from './state.js';
import {clockText, secondsLeft, spokenText} from './countdown.js';

const parts = ['header', 'payload', 'signature'];
const meanings = {
  userId: 'the user it acts for',
  sessionId: 'the session it ends with',
  exp: 'valid until',
};
let revealed = false;
let drawn = null;

/** Draws at each change, and the countdown each second. */
export function startTokenView() {
  onClick('reveal', () => {
    revealed = !revealed;
    byId('reveal').setAttribute('aria-pressed', String(revealed));
    byId('reveal').textContent = revealed ? 'Hide' : 'Reveal';
    drawToken(state.token);
  });
  subscribe(draw);
  setInterval(() => drawLife(state), 1000);
}

function draw(now) {
  const {token, budget} = now;
  byId('token-box').hidden = !token;
  byId('token-none').hidden = Boolean(token);
  if (token && token !== drawn) {
    drawToken(token);
    byId('claims').replaceChildren(token.problem ? problem(token) : claimList(token));
  }
  drawn = token;
  drawLife(now);
  drawBudget(budget);
}

function drawToken({jwt}) {
  const children = jwt.split('.').flatMap((text, i) => [
    i ? '.' : null,
    el('span', {class: `part-${parts[i] ?? 'rest'}`}, revealed ? text : masked(text)),
  ]);
  byId('token').replaceChildren(...children.filter(Boolean));
}

function masked(text) {
  return text.length <= 6 ? text : `${text.slice(0, 6)}••••••`;
}

function problem(token) {
  return el('p', {class: 'message bad'}, `Not readable: ${token.problem}`);
}

function claimList({jwt, claims, skew}) {
  const header = readHeader(jwt);
  return el('dl', {class: 'facts'},
    ...Object.entries(header).flatMap(([name, value]) => fact(name, value, 'header')),
    ...ordered(claims).flatMap(([name, value]) => fact(name, value, 'payload')),
    ...(skew ? fact('clock', `the server's is ${spokenText(skew / 1000)} ${skew > 0 ? 'ahead' : 'behind'}`, 'rest') : []));
}

// In the order in which they stand in the token; the SDK's object has none.
function ordered(claims) {
  const known = Object.keys(meanings).filter((name) => name in claims);
  const others = Object.keys(claims).filter((name) => !(name in meanings));
  return [...known, ...others].map((name) => [name, claims[name]]);
}

function fact(name, value, part) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const meaning = name === 'exp' && typeof value === 'number' ? `${meanings.exp} ${when(value * 1000)}` : meanings[name];
  return [
    el('dt', {class: `part-${part}`}, name),
    el('dd', {}, el('code', {}, text), meaning ? el('small', {}, ` ${meaning}`) : null),
  ];
}

// The claims come from the SDK; the header it does not give is read here.
function readHeader(jwt) {
  try {
    const base64 = jwt.split('.')[0].replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(atob(base64));
  } catch {
    return {};
  }
}

/** {text, tone} of the token's badge: what the page and the server know. */
export function tokenState({token, verdict}) {
  if (!token) return {text: 'none', tone: 'idle'};
  if (token.problem) return {text: 'malformed', tone: 'bad'};
  const left = secondsLeft(token);
  if (left !== null && left <= 0) return {text: 'expired', tone: 'bad'};
  if (verdict && verdict.code >= 400) return {text: 'refused', tone: 'bad'};
  if (left !== null && left < 60) return {text: 'ends soon', tone: 'warn'};
  return {text: verdict ? 'accepted' : 'not yet tried', tone: verdict ? 'ok' : 'idle'};
}

function drawLife(now) {
  const {text, tone} = tokenState(now);
  const left = secondsLeft(now.token);
  const badge = byId('token-badge');
  badge.textContent = text;
  badge.className = `badge ${tone}`;
  byId('countdown').textContent = lifeText(now.token, left);
  drawStrip(now, left, {text, tone});
}

function lifeText(token, left) {
  if (!token || token.problem) return '';
  if (left === null) return 'no expiry';
  return left > 0 ? clockText(left) : `expired ${spokenText(left)} ago`;
}

function drawStrip({token}, left, {text, tone}) {
  const item = byId('strip-jwt');
  item.dataset.state = token ? (tone === 'idle' ? 'ok' : tone) : 'idle';
  byId('strip-jwt-text').textContent = !token ? 'No token yet' : left > 0 ? `${text} · ${clockText(left)}` : text;
  const life = token?.seconds || 900;
  const percent = left > 0 ? Math.min(100, (100 * left) / life) : 0;
  byId('ttl-ring').setAttribute('stroke-dasharray', `${percent} 100`);
}

function drawBudget(budget) {
  byId('budget').hidden = !budget;
  if (!budget) return;
  const meter = byId('budget-meter');
  meter.max = budget.limit;
  meter.low = Math.ceil(budget.limit / 4);
  meter.optimum = budget.limit;
  meter.value = budget.remaining;
  byId('budget-text').textContent = `${budget.remaining} of ${budget.limit} tokens left for this user` +
    (budget.reset ? `; the next comes back at ${new Date(budget.reset * 1000).toLocaleTimeString()}` : '');
}
