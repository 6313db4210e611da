import { env } from "$env/dynamic/private";

/** Where the API is, and whose. `isojot exec` sets both. */
export const endpoint = env.ISOJOT_ENDPOINT ?? "http://127.0.0.1:7519/v1";
export const project = env.ISOJOT_PROJECT ?? "demo";
