// A real provider of OpenID Connect: npm oidc-provider, on a site of its own.
import { createServer } from "node:http";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Provider from "oidc-provider";

/** What the client of a provider is called, and its secret. */
const CLIENT = { id: "isojot", secret: "the-secret-of-the-client" };

/**
 * Starts one at 127.0.0.1, where whoever signs in as NAME has the address
 * NAME@example.com, verified unless NAME begins with "unverified". Browsers may come
 * back to the callbacks of the names in `names` at the server `isojot`.
 */
export async function startProvider(t, isojot, names) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: CLIENT.id, client_secret: CLIENT.secret, grant_types: ["authorization_code", "refresh_token"], response_types: ["code"],
      redirect_uris: names.map((name) => `${isojot.endpoint}/account/sessions/oauth2/callback/${name}/demo`),
    }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@example.com`, email_verified: !sub.startsWith("unverified"), name: `User ${sub}` }),
    }),
    pkce: { required: () => true },
    cookies: { keys: ["a-key-for-the-tests"] },
    features: { devInteractions: { enabled: true } },
  });
  server.on("request", provider.callback());
  return { issuer, provider };
}

/** A file for --oauth-file; `entries` are the providers of the project demo. */
export async function providersFile(t, entries) {
  const folder = await mkdtemp(join(tmpdir(), "isojot-oauth-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "providers.json");
  await writeFile(file, JSON.stringify({ demo: entries }), { mode: 0o600 });
  return file;
}

/** The entry of a provider by its issuer. */
export const byIssuer = (name, issuer) => ({ name, kind: "oidc", title: "Example ID", clientId: CLIENT.id, clientSecret: CLIENT.secret, issuer });

/** The entry of a provider by its endpoints, which sends browsers back with a form. */
export const byForm = (name, issuer) => ({
  name, clientId: CLIENT.id, clientSecret: CLIENT.secret, scopes: ["openid", "email", "profile"],
  authUrl: `${issuer}/auth?response_mode=form_post`, tokenUrl: `${issuer}/token`, userUrl: `${issuer}/me`,
});

/** Signs in at the provider's pages, and consents. */
export async function signInThere(page, name, { consent = true } = {}) {
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  const button = page.getByRole("button", { name: "Continue" });
  await button.waitFor();
  if (consent) await button.click();
}

/** Consents as `page` would, and returns where the provider sends it: nobody goes there. */
export async function consentedAt(page) {
  const { request } = page.context();
  const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Continue" }) });
  const action = await form.evaluate((form) => form.action);
  const fields = await form.evaluate((form) => Object.fromEntries(new FormData(form)));
  let answer = await request.post(action, { form: fields, maxRedirects: 0 });
  while (!answer.headers().location.includes("/oauth2/callback/")) answer = await request.get(new URL(answer.headers().location, answer.url()).href, { maxRedirects: 0 });
  return answer.headers().location;
}
