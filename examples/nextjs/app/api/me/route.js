import { Client } from "isojot";
import { endpoint, project } from "../../../lib/isojot";

/** Acts for the bearer of the JWT that came, whoever's cookie came beside it. */
export async function GET(request) {
  const [, jwt] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (!jwt) return refused("Send a JWT: Authorization: Bearer ...");
  try {
    const { account } = new Client().setEndpoint(endpoint).setProject(project).setJWT(jwt);
    const { $id, email } = await account.get();
    return Response.json({ $id, email });
  } catch (error) {
    if (error.code !== 401) throw error;
    return refused(error.message);
  }
}

const refused = (message) => Response.json({ message }, { status: 401, headers: { "www-authenticate": "Bearer" } });
