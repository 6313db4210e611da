// Answers with what it was handed, and writes it wherever it can. Where the body
// is a URL, that is told too: what runs later has no other way.
export default async ({ req, res, log, error }) => {
  const told = {
    jwt: req.headers["x-appwrite-user-jwt"],
    key: req.headers["x-appwrite-key"],
    userId: req.headers["x-appwrite-user-id"],
    variables: [process.env.APPWRITE_FUNCTION_JWT, process.env.APPWRITE_FUNCTION_USER_ID],
  };
  log(`log ${told.jwt} ${told.key}`);
  error(`error ${told.jwt} ${told.key}`);
  console.log("console", told);
  process.stderr.write(`stderr ${told.jwt}\n`);
  if (req.bodyText) await fetch(req.bodyText, { method: "POST", body: JSON.stringify(told) });
  return res.json(told, 200, { "x-told": told.jwt });
};
