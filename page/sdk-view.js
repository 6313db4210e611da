// Facts on the SDK that this page runs and on the server behind it.

import {byId, el} from './dom.js';
import {state} from './state.js';
import {target} from './connection.js';

/** Draws the facts; ms is how long the SDK took to be ready. */
export function drawSDK(ms) {
  const wasm = performance.getEntriesByType('resource').find(({name}) => new URL(name).pathname.endsWith('/isojot.wasm'));
  const facts = [
    ['Ready in', `${Math.round(ms)} ms`],
    ['WebAssembly', size(wasm?.decodedBodySize)],
    ['Transferred', size(wasm?.encodedBodySize)],
    ['Server', state.info ? `isojot ${state.info.version}` : 'unknown'],
    ['Endpoint', target.endpoint],
    ['Project', target.project || 'none'],
    ['Limits', state.info?.limits ?? 'unknown'],
    ['Clock', state.info?.dev ? 'movable (--dev)' : 'real time'],
  ];
  byId('sdk-facts').replaceChildren(...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

// Zero bytes is how browsers say that they will not tell.
function size(bytes) {
  if (!bytes) return 'not told by the browser';
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}
