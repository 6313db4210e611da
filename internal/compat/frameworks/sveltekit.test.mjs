// examples/sveltekit: form actions and hooks, by adapter-node, with JavaScript and without.
import { testFramework } from "../support/frameworks.mjs";

testFramework("sveltekit", "@sveltejs/kit", { streams: true, configured: "started", start: () => ["build"] });
