"use server";

import { redirect } from "next/navigation";
import { AppwriteException, ID } from "isojot";
import { requestClient } from "../lib/isojot";

/** Signs in, after signing up if that was the button. Returns what to say when it was refused. */
export async function signIn(previous, form) {
  const { account } = requestClient();
  const credentials = { email: String(form.get("email")), password: String(form.get("password")) };
  try {
    if (form.get("intent") === "sign-up") await account.create({ userId: ID.unique(), ...credentials });
    await account.createEmailPasswordSession(credentials);
  } catch (error) {
    if (!(error instanceof AppwriteException) || error.code < 400 || error.code > 499) throw error;
    return { email: credentials.email, message: error.message };
  }
  redirect("/");
}

export async function signOut() {
  await requestClient().account.deleteSession({ sessionId: "current" });
  redirect("/");
}
