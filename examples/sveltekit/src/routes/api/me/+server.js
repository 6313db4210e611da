import { json } from "@sveltejs/kit";
import { Client } from "isojot";
import { endpoint, project } from "$lib/server.js";

/** Acts for the bearer of the JWT that came, whoever's cookie came beside it. */
export async function GET({ request }) {
  const [, jwt] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (!jwt) return json({ message: "Send a JWT: Authorization: Bearer ..." }, { status: 401, headers: { "www-authenticate": "Bearer" } });
  try {
    const { account } = new Client().setEndpoint(endpoint).setProject(project).setJWT(jwt);
    const { $id, email } = await account.get();
    return json({ $id, email });
  } catch (error) {
    if (error.code !== 401) throw error;
    return json({ message: error.message }, { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
}
