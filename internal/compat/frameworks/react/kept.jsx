// A component that uses the client of a module, as most applications do.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { stats } from "isojot";
import { Greeting } from "./greeting.jsx";

globalThis.stats = stats;
createRoot(document.querySelector("#root")).render(<StrictMode><Greeting /></StrictMode>);
