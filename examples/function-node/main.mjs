// A function that answers with the account of whoever executes it, written for
// Appwrite's Node.js runtime: nothing in it is isojot's.
import { Account, Client } from "node-appwrite";

export default async ({ req, res, error }) => {
  const jwt = req.headers["x-appwrite-user-jwt"];
  if (!jwt) return res.json({ message: "Nobody is signed in: this function was handed no JWT." }, 401);
  if (req.path === "/claims") return res.json(claimsOf(jwt));

  const client = new Client()
    .setEndpoint(process.env.APPWRITE_FUNCTION_API_ENDPOINT)
    .setProject(process.env.APPWRITE_FUNCTION_PROJECT_ID)
    .setJWT(jwt);
  try {
    return res.json(await new Account(client).get());
  } catch (refused) {
    if (!(refused.code >= 400)) throw refused; // no answer: the function has failed
    error(refused.message);
    return res.json({ message: refused.message, type: refused.type }, refused.code);
  }
};

// What the token says: the user, the session that it ends with, and its end.
// Read, not verified: that is for the server, at each call.
const claimsOf = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));
