// Asks who its caller is, waits until the URL in its body answers, asks again,
// and answers with both.
import { Account, Client } from "node-appwrite";

export default async ({ req, res }) => {
  const client = new Client()
    .setEndpoint(process.env.APPWRITE_FUNCTION_API_ENDPOINT)
    .setProject(process.env.APPWRITE_FUNCTION_PROJECT_ID)
    .setJWT(req.headers["x-appwrite-user-jwt"]);
  const ask = () => new Account(client).get().then(({ $id }) => $id, ({ code, type }) => [code, type]);
  const before = await ask();
  await (await fetch(req.bodyText)).text();
  return res.json({ before, after: await ask() });
};
