// The page's state: one object, replaced field by field with update(). Views
// subscribe and draw from it, so that no view needs to know another.

export const state = {
  /** Facts of the server: {version, project, limits, dev}, or null. */
  info: null,
  /** The account of the session, or null for a guest. */
  user: null,
  /** Whether the session has yet to show its second factor. */
  lacksFactor: false,
  /** The sessions of that account, oldest first. */
  sessions: [],
  /** {jwt, claims, problem, skew, seconds}: see token.js. Null before the first. */
  token: null,
  /** The last verdict of a server on the token: {code, type}, or null. */
  verdict: null,
  /** {limit, remaining, reset, retryAfter} of createJWT, or null. */
  budget: null,
  /** How many calls were answered in step 3: {ok, refused}. */
  calls: {ok: 0, refused: 0},
};

const views = new Set();

/** Calls view(state) now and at each change. */
export function subscribe(view) {
  views.add(view);
  view(state);
}

/** Sets fields and draws every view again. */
export function update(patch) {
  Object.assign(state, patch);
  for (const view of views) view(state);
}
