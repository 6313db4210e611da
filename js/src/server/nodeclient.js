import { Client, defineSetters, perform, set } from "../api/client.js";
import { foreignCall } from "../api/foreign.js";
import { failure } from "../shared/exception.js";
import { stateOf } from "../shared/hidden.js";
import { trusting } from "./trusting.js";

/** The Client of servers, which may hold an API key. */
export class NodeClient extends Client {
  constructor(runtime, options, services) {
    super(runtime, options, services, { selfSigned: false, key: "", forwardeduseragent: "", devkey: "" });
  }

  /** Takes certificates that nobody vouches for: for a server of one's own while it is developed. */
  setSelfSigned(selfSigned) {
    if (selfSigned && stateOf(this).runtime.apart) throw failure("client_unsupported", "setSelfSigned() is for Node, Bun and Deno: here the platform alone decides which certificates are good");
    stateOf(this).carried = selfSigned ? { [trusting()]: "1" } : undefined;
    return set(this, { selfSigned: Boolean(selfSigned) });
  }

  addHeader(name, value) {
    this.headers[name.toLowerCase()] = value;
    return this;
  }

  /** Sends a request as call() does, whose answer is a redirect; resolves with where to. */
  async redirect(method, url, headers, params) {
    const { operation, request } = foreignCall(this, method, url, headers, params, "location");
    return perform(this, operation, request);
  }
}

defineSetters(NodeClient, {
  Key: ["key", "the secret of an API key of the project", true],
  ForwardedUserAgent: ["forwardeduseragent", "the user-agent header of who is served"],
});
