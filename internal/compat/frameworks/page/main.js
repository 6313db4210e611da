// What each bundler builds: the package as a page imports it.
import { Client, ID, decodeJWT } from "isojot";

/** Signs up and in, makes a JWT, and resolves with whose it is and who was made. */
globalThis.story = async (endpoint, project) => {
  const { account } = new Client().setEndpoint(endpoint).setProject(project);
  const credentials = { email: `${ID.unique()}@example.com`, password: "correct horse" };
  const user = await account.create({ userId: ID.unique(), ...credentials });
  await account.createEmailPasswordSession(credentials);
  const { jwt } = await account.createJWT();
  return { made: user.$id, bearer: (await decodeJWT(jwt)).userId };
};
