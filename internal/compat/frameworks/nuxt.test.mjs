// examples/nuxt: server routes of Nitro, with JavaScript and without.
import { testFramework } from "../support/frameworks.mjs";

testFramework("nuxt", "nuxt", () => [".output/server/index.mjs"]);
