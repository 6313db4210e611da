import makeGo from "isojot:wasm_exec";

import { serve } from "./workerhost.js";

serve({ makeGo, version: __ISOJOT_VERSION__, global: globalThis });
