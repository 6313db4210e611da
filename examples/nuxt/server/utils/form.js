import { AppwriteException } from "isojot";

/** The form of a page of ours: a foreign page's would sign people in as somebody else. */
export async function ownForm(event) {
  const site = getRequestHeader(event, "sec-fetch-site") ?? "none";
  if (!["same-origin", "none"].includes(site)) throw createError({ statusCode: 403, statusMessage: "The form is of another site" });
  const form = await readFormData(event);
  return { email: String(form.get("email")), password: String(form.get("password")) };
}

/** Does it and goes back to the page, which then says why it was refused, if it was. */
export async function thenBack(event, act) {
  let failed = "";
  try {
    await withAccount(event, act);
  } catch (error) {
    if (!(error instanceof AppwriteException) || error.code < 400 || error.code > 499) throw error;
    failed = `?failed=${encodeURIComponent(error.type)}`;
  }
  return sendRedirect(event, `/${failed}`, 303);
}
