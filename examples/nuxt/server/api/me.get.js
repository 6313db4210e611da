import { Client } from "isojot";

/** Acts for the bearer of the JWT that came, whoever's cookie came beside it. */
export default defineEventHandler(async (event) => {
  const [, jwt] = /^Bearer (\S+)$/i.exec(getRequestHeader(event, "authorization") ?? "") ?? [];
  if (!jwt) return refused(event, "Send a JWT: Authorization: Bearer ...");
  try {
    const { endpoint, public: { project } } = useRuntimeConfig(event);
    const { account } = new Client().setEndpoint(endpoint).setProject(project).setJWT(jwt);
    const { $id, email } = await account.get();
    return { $id, email };
  } catch (error) {
    if (error.code !== 401) throw error;
    return refused(event, error.message);
  }
});

function refused(event, message) {
  setResponseStatus(event, 401);
  setResponseHeader(event, "www-authenticate", "Bearer");
  return { message };
}
