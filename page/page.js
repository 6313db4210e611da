// The page's entry: loads the SDK, connects, binds the steps. The link that led
// here goes first: its secret leaves the address bar before all else.

import {arrived, startArrival} from './arrival.js';
import {byId, describe, openControls, say} from './dom.js';
import {state, subscribe, update} from './state.js';
import {loadSDK, sdk, startConnection} from './connection.js';
import {explainStart, nameOf, refreshUser, startSession} from './session.js';
import {startToken} from './token.js';
import {startCalls} from './calls.js';
import {drawCommand, startBackend} from './backend.js';
import {startFunction} from './function.js';
import {startMail} from './mail.js';
import {startWays} from './ways.js';
import {startVerify} from './verify.js';
import {startFactors} from './factors.js';
import {startTeams} from './teams.js';
import {startWireView} from './wire-view.js';
import {drawSDK} from './sdk-view.js';

const panels = [
  startWireView, startSession, startToken, startCalls, startBackend, startFunction,
  startWays, startVerify, startFactors, startTeams, startMail, startArrival,
];

async function start() {
  for (const startPanel of panels) startPanel();
  subscribe(drawStrip);
  const ms = await loadSDK();
  const settle = async () => {
    drawCommand();
    drawSDK(ms);
    update({budget: null, verdict: null});
    await refreshUser();
  };
  const known = await startConnection(settle);
  openControls();
  if (!known) {
    say('This page was not served by isojot: give the endpoint and the project at the top.');
    return;
  }
  await settle().catch((error) => { throw new Error(explainStart(error), {cause: error}); });
  ready();
}

function ready() {
  say(`Ready. ${arrived ? 'A link led here: see the top of the page.' : who()}`, 'ok');
}

function who() {
  if (state.lacksFactor) return 'The session has yet to show its second factor: see step 1.';
  return state.user ? `Signed in as ${nameOf(state.user)}.` : 'Nobody is signed in: start with step 1.';
}

function drawStrip({user, lacksFactor}) {
  byId('strip-session').dataset.state = user ? 'ok' : lacksFactor ? 'warn' : 'idle';
  const nobody = lacksFactor ? 'Second factor missing' : 'Nobody signed in';
  byId('strip-session-text').textContent = user ? user.name || user.email || user.phone || 'Anonymous' : nobody;
}

start().catch((error) => {
  openControls();
  if (!sdk.client) byId('connection-summary').textContent = 'No SDK';
  byId('sdk-dot').dataset.state = 'bad';
  say(describe(error), 'bad');
  console.error(error);
});
