import { own } from "../shared/members.js";
import { changing as fields } from "./changing.gen.js";

/**
 * Makes one client's copy of the token that Go holds, so that a fresh one is
 * given out without crossing into WebAssembly. Go decides what it is and for
 * how long; JavaScript only takes it away again, at once, when it may have
 * become another user's.
 */
export function newMirror() {
  let generation = 0;
  let held = null;
  let changing = 0;

  return {
    /** Counts the changes of whom the client acts as. What Go pushes for an earlier one is ignored. */
    generation: () => generation,

    /** The token, while it may be given out without asking Go; else null. */
    fresh: () => within(held, "freshFor"),

    /** The token, while it is alive; else null. */
    living: () => within(held, "liveFor"),

    /** Takes what Go pushed: the token now held, or that there is none. `run` is the program's. */
    put(pushed, run) {
      if (run.over || pushed.generation !== generation) return;
      const { jwt, freshFor, liveFor } = own(pushed);
      held = jwt === undefined || changing > 0 ? null : { token: frozenToken(pushed), freshFor, liveFor, run, since: run.clock() };
    },

    /** Forgets the token: the client acts as somebody else from now on. */
    reset() {
      generation++;
      held = null;
    },

    /**
     * Sends an operation, by what is written() of it. If it signs in or out the token is forgotten before,
     * and none is taken until the answer: one that was being made came too late.
     */
    async sending(operation, request, send) {
      if (!changesUser(operation, request, held?.token.sessionId)) return send();
      held = null;
      changing++;
      try {
        return await send();
      } finally {
        changing--;
      }
    },
  };
}

/** Tells whether an operation makes a session. */
export function signsIn({ effect }) {
  return effect === "signs in";
}

/**
 * Reports whether the token may be nobody's or somebody else's after an operation,
 * of which `request` is what is written().
 * Another of the user's sessions may end without `own`, the token's, if known.
 */
export function changesUser({ effect }, { path, body, query }, own) {
  if (effect === "ends session") return path.sessionId === "current" || !own || own === path.sessionId;
  if (effect === "envelope") return new RegExp(fields).test(body + query);
  return /sign|all/.test(effect);
}

// A computer that sleeps stops the one clock, a user who sets the time moves
// the other: whichever says more time has passed is believed.
function within(held, span) {
  if (!held || held.run.over) return null;
  const age = Math.max(...held.run.clock().map((now, i) => now - held.since[i]));
  return age < held[span] ? held.token : null;
}

/** Copies a token that Go handed over. */
export function frozenToken(token) {
  const { jwt, userId, sessionId, expiresAt } = own(token);
  return Object.freeze({ jwt, userId, sessionId, expiresAt });
}
