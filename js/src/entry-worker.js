import makeGo from "isojot:wasm_exec";

import { serve } from "./engine/worker/workerhost.js";

serve({ __proto__: null, makeGo, version: __ISOJOT_VERSION__, global: globalThis });
