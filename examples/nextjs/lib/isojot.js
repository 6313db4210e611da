import { cookies } from "next/headers";
import { after } from "next/server";
import { createServerClient } from "isojot";

export function requestClient() {
  const { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project } = process.env;
  const client = createServerClient({ endpoint, project, cookies: cookies() });
  after(() => client.close());
  return client;
}
