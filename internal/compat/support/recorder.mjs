// A server that answers what a test has planned and writes down what came: what
// an SDK sends is compared byte by byte.
import { once } from "node:events";
import { createServer } from "node:http";

/** Starts it; `t` is the test that owns it. */
export async function startRecorder(t) {
  const recorder = new Recorder();
  await recorder.listen();
  t.after(() => recorder.close());
  return recorder;
}

// The answers. One that is a function is given the request and returns another.

/** Any value as JSON. */
export const json = (value, status = 200, headers = {}) => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(value),
});

/** Bytes, such as those of an image. */
export const binary = (bytes, type = "application/octet-stream") => ({ status: 200, headers: { "content-type": type }, body: bytes });

export const text = (body, status = 200) => ({ status, headers: { "content-type": "text/plain" }, body });

export const nothing = () => ({ status: 204, headers: {}, body: "" });

/** An error as Appwrite answers it. */
export const refused = (code, type, message) => json({ message, code, type, version: "2.3.0" }, code);

export const redirect = (location, status = 301) => ({ status, headers: { location }, body: "" });

/** A connection that ends without an answer. */
export const dropped = () => ({ dropped: true });

class Recorder {
  /**
   * What came, in order: method, url as it was sent, and its path and query
   * (null where there is none), headers (lower-case names), rawHeaders, and the
   * body's bytes. Preflights are in `preflights`.
   */
  requests = [];
  preflights = [];
  /** What is answered where nothing is planned. */
  usual = json({});
  #planned = [];
  #server = createServer((incoming, outgoing) => this.#take(incoming, outgoing));

  async listen() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = this.#server.address().port;
    this.url = `http://localhost:${this.port}`;
    this.endpoint = `${this.url}/v1`;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Plans the answers to the next requests, one each. */
  plan(...answers) {
    this.#planned.push(...answers);
  }

  /** How many planned answers nobody has asked for. */
  get left() {
    return this.#planned.length;
  }

  /** Returns what came since the last call, and forgets it and what is planned. */
  take() {
    const taken = this.requests;
    [this.requests, this.preflights, this.#planned] = [[], [], []];
    return taken;
  }

  async #take(incoming, outgoing) {
    const { method, url, headers, rawHeaders } = incoming;
    const [, path, query = null] = /^([^?]*)(?:\?(.*))?$/s.exec(url);
    const request = { method, url, path, query, headers, rawHeaders };
    const preflight = method === "OPTIONS" && "access-control-request-method" in headers;
    if (preflight) {
      this.preflights.push(request);
      return outgoing.writeHead(204, allowed(headers)).end();
    }
    // Requests are in the order they began in, and so are their answers.
    this.requests.push(request);
    const planned = this.#planned.shift() ?? this.usual;
    try {
      request.body = await bodyOf(incoming);
    } catch (error) {
      request.aborted = error;
      return;
    }
    const answer = typeof planned === "function" ? await planned(request) : planned;
    if (answer.dropped) return outgoing.destroy();
    outgoing.writeHead(answer.status, { ...answer.headers, ...shared(headers, answer.headers) }).end(answer.body);
  }
}

async function bodyOf(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// A page may read all of an answer, with its cookies sent along.
function shared({ origin }, headers) {
  if (origin === undefined) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": Object.keys(headers).join(", "),
    vary: "origin",
  };
}

function allowed(headers) {
  return {
    ...shared(headers, {}),
    "access-control-allow-methods": headers["access-control-request-method"],
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "",
  };
}

/**
 * The parts of a multipart body: name, filename, type and the content's bytes.
 * Bounds between parts are random, so that bodies cannot be compared as they are.
 */
export function partsOf({ headers, body }) {
  const [, boundary] = /^multipart\/form-data; *boundary="?([^";]+)"?/.exec(headers["content-type"]) ?? [];
  if (boundary === undefined) throw new Error(`no multipart body: its content-type is ${headers["content-type"]}`);
  const pieces = split(Buffer.concat([Buffer.from("\r\n"), body]), `\r\n--${boundary}`);
  if (!pieces.at(-1).toString("latin1").startsWith("--")) throw new Error("the multipart body has no end");
  return pieces.slice(1, -1).map(partOf);
}

function split(bytes, mark) {
  const pieces = [];
  let from = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, from)) {
    pieces.push(bytes.subarray(from, at));
    from = at + mark.length;
  }
  return [...pieces, bytes.subarray(from)];
}

function partOf(piece) {
  const end = piece.indexOf("\r\n\r\n");
  const head = piece.subarray(0, end).toString();
  const of = (pattern) => pattern.exec(head)?.[1];
  return {
    name: of(/\bname="([^"]*)"/i),
    filename: of(/\bfilename="([^"]*)"/i),
    type: of(/^content-type: *(.*)$/im),
    content: piece.subarray(end + 4),
  };
}
