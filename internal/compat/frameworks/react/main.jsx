// A component that has a client of its own while it is there, which the page
// takes away and puts back by `show(true)` and `show(false)`.
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { stats } from "isojot";
import { Session } from "./session.jsx";

function App() {
  const [shown, setShown] = useState(true);
  globalThis.show = setShown;
  return shown ? <Session /> : <p id="away">away</p>;
}

globalThis.stats = stats;
createRoot(document.querySelector("#root")).render(<StrictMode><App /></StrictMode>);
