import { failure } from "../shared/exception.js";
import { named } from "../shared/named.js";

/** So that a page that imports it loads, and is told where it asks for it. */
export const Realtime = /* @__PURE__ */ named("Realtime", class Realtime {
  constructor() {
    throw failure("client_unsupported", "Realtime is not in isojot yet: use that of the appwrite package, with a Client of its own");
  }
});
