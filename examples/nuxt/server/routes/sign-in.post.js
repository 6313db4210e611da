export default defineEventHandler(async (event) => {
  const credentials = await ownForm(event);
  return thenBack(event, (account) => account.createEmailPasswordSession(credentials));
});
