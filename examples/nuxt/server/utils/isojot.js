import { createServerClient } from "isojot";

/** Runs `use` with the account of whoever sent the request. */
export async function withAccount(event, use) {
  const { endpoint, public: { project } } = useRuntimeConfig(event);
  const cookies = {
    get: (name) => getCookie(event, name),
    set: (name, value, options) => setCookie(event, name, value, options),
  };
  const client = createServerClient({ endpoint, project, cookies });
  try {
    return await use(client.account);
  } finally {
    client.close();
  }
}
