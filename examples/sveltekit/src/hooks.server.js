import { createServerClient } from "isojot";
import { proxied } from "$lib/proxy.js";
import { endpoint, project } from "$lib/server.js";

export async function handle({ event, resolve }) {
  if (event.url.pathname.startsWith("/v1/")) return proxied(event, endpoint);
  const client = createServerClient({ endpoint, project, cookies: event.cookies });
  event.locals.account = client.account;
  return client.closeAfter(resolve(event)); // when all is sent that the page streams
}
