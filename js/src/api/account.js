import { invalidParameter } from "../shared/exception.js";
import { given, own } from "../shared/members.js";

/** The methods of class Account that hand out tokens. */
export const tokens = {
  /** Resolves with a fresh token: the one held, or else a new one. */
  async getToken(options) {
    const { forceRefresh = false, signal } = tokenOptions(options);
    if (typeof forceRefresh !== "boolean") throw invalidParameter("forceRefresh must be true or false");
    return this.client.token(forceRefresh, signal);
  },

  /** Returns the token held if it has not expired, or null. It never asks the server. */
  peekToken() {
    return this.client.heldToken();
  },
};

function tokenOptions(options) {
  if (options === undefined || options === null) return own();
  if (typeof options === "object") return { forceRefresh: given(options, "forceRefresh"), signal: given(options, "signal") };
  throw invalidParameter("getToken() takes an object, such as { forceRefresh: true }");
}
