// What concerns one connection, not the message; fetch sets its own.
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "upgrade", "host", "content-length"];

/**
 * Passes a request on to the API below `endpoint`, and gives its answer. So the
 * browser asks the API at the address of the pages, and their cookie is one.
 */
export async function proxied({ request, url, getClientAddress }, endpoint) {
  const headers = without(request.headers, [...HOP_BY_HOP, "accept-encoding"]);
  headers.set("x-forwarded-for", getClientAddress());
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  const answer = await fetch(endpoint + url.pathname.slice("/v1".length) + url.search, {
    method: request.method,
    headers,
    body: request.body,
    duplex: "half",
    redirect: "manual",
    signal: request.signal,
  });
  return new Response(answer.body, { status: answer.status, headers: without(answer.headers, [...HOP_BY_HOP, "content-encoding"]) });
}

function without(headers, names) {
  const kept = new Headers(headers);
  names.forEach((name) => kept.delete(name));
  return kept;
}
