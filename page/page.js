// The page's entry: loads the SDK, connects, binds the three steps.

import {byId, describe, openControls, say} from './dom.js';
import {state, subscribe, update} from './state.js';
import {loadSDK, sdk, startConnection} from './connection.js';
import {explainStart, refreshUser, startSession} from './session.js';
import {startToken} from './token.js';
import {startCalls} from './calls.js';
import {drawCommand, startBackend} from './backend.js';
import {startFunction} from './function.js';
import {startWireView} from './wire-view.js';
import {drawSDK} from './sdk-view.js';

async function start() {
  bindSteps();
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

function bindSteps() {
  startWireView();
  startSession();
  startToken();
  startCalls();
  startBackend();
  startFunction();
  subscribe(drawStrip);
}

function ready() {
  const who = state.user ? `Signed in as ${state.user.email || 'an anonymous user'}.` : 'Nobody is signed in: start with step 1.';
  say(`Ready. ${who}`, 'ok');
}

function drawStrip({user}) {
  byId('strip-session').dataset.state = user ? 'ok' : 'idle';
  byId('strip-session-text').textContent = user ? user.name || user.email || 'Anonymous' : 'Nobody signed in';
}

start().catch((error) => {
  openControls();
  if (!sdk.client) byId('connection-summary').textContent = 'No SDK';
  byId('sdk-dot').dataset.state = 'bad';
  say(describe(error), 'bad');
  console.error(error);
});
