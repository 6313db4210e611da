// The account of the caller, by our package instead of the official one.
import { clientFromFunction } from "../../../js/dist/isojot.node.mjs";

export default async ({ req, res }) => {
  const client = clientFromFunction(req);
  if (!client.config.jwt) return res.json({ guest: true });
  return res.json(await client.account.get());
};
