// Serves the built page and the API on one origin.
import { fileURLToPath } from "node:url";
import { startStandIn } from "./standin.js";

const { url } = await startStandIn({
  endpoint: process.env.ISOJOT_ENDPOINT ?? "http://127.0.0.1:7519/v1",
  folder: fileURLToPath(new URL("../dist", import.meta.url)),
  port: Number(process.env.PORT ?? 7521),
});
console.log(url);
