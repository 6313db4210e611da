// The edge build in an isolate of Workers. GET /run runs the checks; the other
// paths each act for the user whose session is in the request's Cookie header,
// as a site's functions do, on one Go program for all requests.
import { watch } from "./workerdwatch.mjs";
import { createServerClient, init } from "isojot";
import * as sdk from "isojot";
import wasmModule from "isojot/isojot.wasm";
import { run } from "../run.mjs";

const options = { wasmModule };

export default {
  async fetch(request, { ENDPOINT: endpoint, PROJECT: project }) {
    const { pathname } = new URL(request.url);
    if (pathname === "/dispose") return sdk.dispose().then(() => Response.json(sdk.stats()));
    if (!actions[pathname] && pathname !== "/run") return new Response(null, { status: 404 });
    if (pathname === "/run") return Response.json(await run(watch, () => sdk, { ...(await request.json()), options }));
    await init(options);
    const client = createServerClient({ endpoint, project, cookies: request });
    try {
      return Response.json(await actions[pathname](client.account));
    } catch (error) {
      return Response.json({ type: error.type, message: error.message }, { status: 500 });
    } finally {
      client.close();
    }
  },
};

const actions = {
  "/user": async (account) => [(await account.get()).$id, (await account.get()).$id],
  "/token": (account) => account.getToken(),
};
