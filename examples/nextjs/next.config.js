// Both are fixed when this is built. `isojot exec` sets them.
const endpoint = process.env.ISOJOT_ENDPOINT ?? "http://127.0.0.1:7519/v1";
const project = process.env.ISOJOT_PROJECT ?? "demo";

/** @type {import("next").NextConfig} */
export default {
  // Written into the code, in the place of process.env.ISOJOT_ENDPOINT.
  env: { ISOJOT_ENDPOINT: endpoint, ISOJOT_PROJECT: project },
  // The browser asks the API at the address of the pages, so that their cookie is one.
  rewrites: async () => [{ source: "/v1/:path*", destination: `${endpoint}/:path*` }],
  // Loaded by Node as it is, once for the process.
  serverExternalPackages: ["isojot"],
};
