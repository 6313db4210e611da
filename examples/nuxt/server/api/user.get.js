/** Whoever the cookie of the request says; nobody is no error. */
export default defineEventHandler((event) => {
  setResponseHeader(event, "cache-control", "private, no-store");
  return withAccount(event, async (account) => {
    try {
      const { $id, email } = await account.get();
      return { user: { $id, email } };
    } catch (error) {
      if (error.code !== 401) throw error;
      return { user: null };
    }
  });
});
