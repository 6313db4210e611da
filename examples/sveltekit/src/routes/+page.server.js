import { fail, redirect } from "@sveltejs/kit";
import { AppwriteException, ID } from "isojot";
import { project } from "$lib/server.js";

/** The page is for whoever the cookie of the request says, or for a guest. */
export async function load({ locals, setHeaders }) {
  setHeaders({ "cache-control": "private, no-store" });
  try {
    const { $id, email } = await locals.account.get();
    // The page is there before: what is not awaited here is streamed.
    return { project, user: { $id, email }, sessions: countSessions(locals) };
  } catch (error) {
    if (error.code !== 401) throw error;
    return { project, user: null };
  }
}

async function countSessions({ account }) {
  try {
    return (await account.listSessions()).total;
  } catch {
    return null; // the page does without
  }
}

export const actions = {
  signIn: (event) => enter(event, () => {}),
  signUp: (event) => enter(event, ({ account }, credentials) => account.create({ userId: ID.unique(), ...credentials })),
  async signOut({ locals }) {
    await locals.account.deleteSession({ sessionId: "current" });
    redirect(303, "/");
  },
};

async function enter({ request, locals }, first) {
  const form = await request.formData();
  const credentials = { email: String(form.get("email")), password: String(form.get("password")) };
  try {
    await first(locals, credentials);
    await locals.account.createEmailPasswordSession(credentials);
  } catch (error) {
    if (!(error instanceof AppwriteException) || error.code < 400 || error.code > 499) throw error;
    return fail(error.code, { email: credentials.email, message: error.message });
  }
  redirect(303, "/");
}
