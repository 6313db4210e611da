// A page whose policy forbids something reports with what error it is told so,
// and, as a control, what a violation of its policy looks like to a page.
const { module, env } = await (await fetch("/config.json")).json();
const { init } = await import(module);
const { type, message } = await init(env.options).then(() => ({ message: "it was loaded" }), (error) => error);

const violated = new Promise((resolve) =>
  document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => violatedDirective === "connect-src" && resolve(violatedDirective)),
);
await fetch("data:,").catch(() => {});
const violation = await violated;
await fetch("/results", { method: "POST", body: JSON.stringify({ type, message, violation }) });
