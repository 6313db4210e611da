import { startStandIn } from "./standin/standin.js";

const standIn = {
  name: "stand-in",
  async configureServer(server) {
    const { url, close } = await startStandIn({ endpoint: process.env.ISOJOT_ENDPOINT ?? "http://127.0.0.1:7519/v1" });
    server.config.server.proxy = { "/v1": url };
    server.httpServer?.once("close", close);
  },
};

export default {
  // The API is on the page's own origin, so that the session's cookie is first-party.
  plugins: [standIn],
  // The package lies in this repository, above the app. One that is installed is found without this.
  server: { fs: { allow: ["../.."] } },
};
