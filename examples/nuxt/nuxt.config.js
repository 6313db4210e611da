// Both are fixed when this is built. `isojot exec` sets them.
const endpoint = process.env.ISOJOT_ENDPOINT ?? "http://127.0.0.1:7519/v1";
const project = process.env.ISOJOT_PROJECT ?? "demo";

export default defineNuxtConfig({
  runtimeConfig: { endpoint, public: { project } },
  // The browser asks the API at the address of the pages, so that their cookie is one.
  routeRules: { "/v1/**": { proxy: `${endpoint}/**` } },
  // Or the dev server of Vite 7 moves it away from its WebAssembly.
  vite: { optimizeDeps: { exclude: ["isojot"] } },

  compatibilityDate: "2026-11-01",
  telemetry: false,
  devtools: { enabled: false },
  css: ["~/assets/style.css"],
  app: { head: { title: "isojot and Nuxt", htmlAttrs: { lang: "en" }, link: [{ rel: "icon", href: "data:," }] } },
});
