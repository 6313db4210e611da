import makeGo from "isojot:wasm_exec";

import { serve } from "./engine/worker/workerhost.js";

serve({ makeGo, version: __ISOJOT_VERSION__, global: globalThis });
