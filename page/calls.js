// Step 3: the same question with four identities. The session's goes through the
// SDK. The others are plain fetches: the JWT has to be judged as it is, where the
// SDK would renew one that has expired, and the last two it would not send.

import {byId, onClick, say} from './dom.js';
import {state, subscribe, update} from './state.js';
import {sdk, target} from './connection.js';
import {capture, fetch} from './wire.js';
import {fromExchange, fromSDK, needsToken, run} from './answers.js';

const asks = {
  session: async () => fromSDK(await capture(() => sdk.client.account.get())),
  jwt: askWithJWT,
  guest: () => plain({credentials: 'omit'}),
  both: askWithBoth,
};

/** Binds the controls of the matrix. */
export function startCalls() {
  for (const id of Object.keys(asks)) onClick(`call-${id}`, () => call(id));
  onClick('call-all', callAll);
  subscribe(drawStrip);
}

async function call(id) {
  const {answer, line} = await run(id, asks[id]);
  say(`${byId(`call-${id}`).textContent}: ${line}`, answer.status >= 400 || !answer.status ? 'bad' : 'ok');
}

// One after the other: each answer is told apart by being the latest.
async function callAll() {
  for (const id of Object.keys(asks)) await run(id, asks[id]);
  say('All four asked: compare the answers.', 'ok');
}

async function askWithJWT() {
  if (!state.token) return needsToken;
  const answer = await plain({credentials: 'omit', headers: {'X-Appwrite-JWT': state.token.jwt}});
  if (answer.status) update({verdict: {code: answer.status, type: answer.type}});
  return answer;
}

async function askWithBoth() {
  if (!state.token) return needsToken;
  const answer = await plain({credentials: 'include', headers: {'X-Appwrite-JWT': state.token.jwt}});
  const alone = !state.user && answer.status >= 200;
  return alone ? {...answer, note: 'Nobody is signed in, so the JWT went alone. Sign in to see both refused.'} : answer;
}

async function plain({credentials, headers}) {
  const url = `${target.endpoint.replace(/\/+$/, '')}/account`;
  return fromExchange(await capture(() => fetch(url, {
    credentials,
    headers: {'X-Appwrite-Project': target.project, ...headers},
  })));
}

function drawStrip({calls}) {
  const {ok, refused} = calls;
  byId('strip-call').dataset.state = ok ? 'ok' : refused ? 'bad' : 'idle';
  byId('strip-call-text').textContent = ok + refused ? `${ok} answered · ${refused} refused` : 'Nothing called yet';
}
