import { newChanges } from "./changes.js";
import { toException } from "../shared/exception.js";
import { own } from "../shared/members.js";
import { frozenToken, newMirror } from "./mirror.js";

/**
 * Makes the record of who one client's user is: the token and the last sign-in
 * or sign-out, as Go reported them. Go knows the client by this record alone, and
 * so does not keep the client alive.
 */
export function newAuth() {
  const mirror = newMirror();
  const changes = newChanges();
  let last = null;
  let departures = 0;
  const isPresent = ({ run, generation }) => !run.over && generation === mirror.generation();

  function tell(news) {
    if (!isPresent(news)) return;
    if (news.change.type.startsWith("signed-")) last = news;
    changes.tell(news.change);
  }

  return {
    mirror,
    changes,

    /** The number of sign-outs that Go has reported. */
    departures: () => departures,

    /**
     * Takes a report of Go's. `run` is the program's, `generation` the one that
     * Go was configured for at the time.
     */
    receive(kind, told, run, generation) {
      const payload = own(told);
      if (kind === "token") mirror.put(payload, run);
      if (payload.type === "signed-out") departures++;
      if (kind === "change") tell({ change: changeOf(payload), run, generation });
    },

    /** The last sign-in or sign-out, with the token as it is now; null if none is known. */
    present() {
      if (!last || !isPresent(last)) return null;
      const signedIn = last.change.type === "signed-in";
      return changeOf({ ...last.change, token: signedIn && mirror.living() });
    },
  };
}

/** Makes the object that listeners are called with. */
export function changeOf(told) {
  const { type, userId = "", sessionId = "", token, error } = own(told);
  const change = { type, userId, sessionId };
  if (token) change.token = frozenToken(token);
  if (error) change.error = toException(error);
  return Object.freeze(change);
}
