// examples/nuxt: server routes of Nitro, with JavaScript and without.
import { testFramework } from "../support/frameworks.mjs";

testFramework("nuxt", "nuxt", { configured: "built", start: () => [".output/server/index.mjs"] });
