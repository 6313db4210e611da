import { request } from "node:https";
import { Readable } from "node:stream";

import { own } from "../shared/members.js";
import { trusting } from "./trusting.js";

/**
 * Makes a fetch of one: where that was asked for it takes the certificate of a
 * server that nobody vouches for, which Node's does not.
 */
export const fetchOver = (fetch) => async (url, init) => {
  const { [trusting()]: isTrusting, ...headers } = own(init.headers);
  if (!isTrusting) return fetch(url, init);
  if (!url.startsWith("https:")) return fetch(url, own({ ...init, headers }));
  const { method, body, signal } = init;
  // A form becomes bytes with their bounds.
  const content = new Response(body);
  const type = headers["content-type"] ?? content.headers.get("content-type");
  const bytes = Buffer.from(await content.arrayBuffer());
  const answer = await new Promise((resolve, reject) => {
    const sent = request(url, { method, signal, rejectUnauthorized: false, headers: { ...headers, ...(type && { "content-type": type }), "content-length": bytes.length } }, resolve);
    sent.on("error", reject);
    sent.end(bytes);
  });
  return responseOf(answer);
};

function responseOf(answer) {
  const { statusCode, rawHeaders } = answer;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
  const hasBody = ![204, 205, 304].includes(statusCode);
  if (!hasBody) answer.resume();
  return new Response(hasBody ? Readable.toWeb(answer) : null, { status: statusCode, headers });
}
