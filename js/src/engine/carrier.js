import { formDataOf } from "./request.js";
import { newMark } from "../shared/mark.js";
import { own } from "../shared/members.js";

/**
 * Keeps out of the Go program what it has no use for: forms with files, and
 * content. Go sends the request and hears how it went; what is carried goes from
 * JavaScript to fetch, and from there to JavaScript.
 */
export function newCarrier() {
  const exchanges = new Map();
  let last = 0;
  // The header by which fetch finds what is carried for a request. Its name is a
  // secret: a server may pass on the headers of whoever asks it. It is made when it
  // is needed, since Workers have no randomness before there is a request.
  let header;

  return {
    /**
     * Makes a call of Go's. `send` starts it with the request that Go is given and
     * gives its promise of an answer, or nothing where Go has ended. Content is
     * then a member of the answer.
     */
    call({ answer }, request, send) {
      const { form, ...rest } = own(request);
      const texts = own(rest);
      const isContent = answer === "content";
      if (!form && !isContent) return send(texts);
      header ??= `x-isojot-${newMark()}`;
      const number = String(++last);
      const exchange = { form: form && formDataOf(form), isContent, content: undefined };
      exchanges.set(number, exchange);
      const answered = send(own({ ...texts, headers: own({ ...texts.headers, [header]: number }) }));
      if (!answered) exchanges.delete(number);
      return answered?.then((value) => (isContent ? { ...value, content: exchange.content } : value)).finally(() => exchanges.delete(number));
    },

    /** Calls `fetch` as Go wants it, with what is carried. Go may send a request twice. */
    async fetch(fetch, url, init) {
      const { [header]: number, ...headers } = own(own(init).headers);
      const exchange = exchanges.get(number);
      if (!exchange) return fetch(url, init);
      const { form, isContent } = exchange;
      if (form) delete headers["content-type"]; // fetch says where the parts end
      const response = await fetch(url, own({ ...init, headers, ...(form && { body: form }) }));
      return isContent && response.ok ? withheld(response, exchange) : response;
    },
  };
}

// An answer as Go reads it, without its content.
function withheld(response, exchange) {
  const { status, headers } = response;
  return {
    status,
    headers,
    async arrayBuffer() {
      exchange.content = await response.arrayBuffer();
      return new ArrayBuffer(0);
    },
  };
}
