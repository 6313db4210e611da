import { cookies } from "next/headers";
import { after } from "next/server";
import { createServerClient } from "isojot";

export const endpoint = process.env.ISOJOT_ENDPOINT;
export const project = process.env.ISOJOT_PROJECT;

export function requestClient() {
  const client = createServerClient({ endpoint, project, cookies: cookies() });
  after(() => client.close());
  return client;
}
