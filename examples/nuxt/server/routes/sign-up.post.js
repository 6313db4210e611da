import { ID } from "isojot";

export default defineEventHandler(async (event) => {
  const credentials = await ownForm(event);
  return thenBack(event, async (account) => {
    await account.create({ userId: ID.unique(), ...credentials });
    await account.createEmailPasswordSession(credentials);
  });
});
