export default defineEventHandler((event) => thenBack(event, (account) => account.deleteSession({ sessionId: "current" })));
