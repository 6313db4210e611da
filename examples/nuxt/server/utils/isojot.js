import { createServerClient } from "isojot";

/** Runs `use` with the account of whoever sent the request. */
export function withAccount(event, use) {
  const { endpoint, public: { project } } = useRuntimeConfig(event);
  const cookies = {
    get: (name) => getCookie(event, name),
    set: (name, value, options) => setCookie(event, name, value, options),
  };
  const client = createServerClient({ endpoint, project, cookies });
  client.closeAfter(event.node.res); // when all is sent that the answer streams
  return use(client.account);
}
