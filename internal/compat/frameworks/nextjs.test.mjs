// examples/nextjs: App Router, with JavaScript and without.
import { testFramework } from "../support/frameworks.mjs";

testFramework("nextjs", "next", {
  streams: true,
  configured: "built",
  start: (port) => ["node_modules/next/dist/bin/next", "start", "--hostname", "127.0.0.1", "--port", String(port)],
});
