import { Client, defineSetters, perform } from "../api/client.js";
import { foreignCall } from "../api/foreign.js";

/** The Client of servers, which may hold an API key. */
export class NodeClient extends Client {
  constructor(runtime, options, services) {
    super(runtime, options, services, { selfSigned: false, key: "", forwardeduseragent: "", devkey: "" });
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
