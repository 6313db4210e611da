// Compiled twice, never run, as both.ts: "sdk" is node-appwrite once, and our
// package for servers once.
import {
  Account, Adapter, Advisor, AppwriteException, Backups, BackupServices, BuildRuntime, Client, Compression, Framework, Functions, ID, MessagePriority,
  Messaging, MessagingProviderType, OAuthProvider, Organization, OrganizationKeyScopes, PasswordHash, Permission, Project, ProjectPolicyId, Proxy, Query,
  RelationshipType, Role, Runtime, Sites, Storage, TablesDB, TablesDBIndexType, Tokens, Users, Webhooks,
  type Models, type UploadProgress,
} from "sdk";
import { InputFile } from "sdk/file";

const client: Client = new Client().setEndpoint("https://example.com/v1").setProject("demo").setKey("k").setSelfSigned(true);
client.setForwardedUserAgent("a").setDevKey("").setJWT("").setBearer("").addHeader("x-a", "b").setImpersonateUserPhone("+4912345");
const users = new Users(client);
const tables = new TablesDB(client);

type Theme = { theme: string };
type Book = Models.Row & { title: string; pages: number };

export async function good(buffer: Uint8Array): Promise<void> {
  const list: Models.UserList<Theme> = await users.list<Theme>({ queries: [Query.limit(1)], search: "a" });
  const theme: string = list.users[0].prefs.theme;
  const { userId, secret }: Models.Token = await users.createToken({ userId: list.users[0].$id, length: 6, expire: 60 });
  await users.createSHAUser({ userId: ID.unique(), email: "a@example.com", password: "0", passwordVersion: PasswordHash.Sha256 });
  await users.createTarget("u", "t", MessagingProviderType.Email, "a@example.com");
  const session: Models.Session = await new Account(client).createSession({ userId, secret });
  const address: string = await new Account(client).createOAuth2Token({ provider: OAuthProvider.Github });
  const storage = new Storage(client);
  const file: Models.File = await storage.createFile({
    bucketId: (await storage.createBucket({ bucketId: ID.unique(), name: "b", compression: Compression.Gzip, permissions: [Permission.read(Role.any())] })).$id,
    fileId: "f",
    file: InputFile.fromBuffer(buffer, "a.bin"),
    onProgress: (progress: UploadProgress) => console.log(progress.progress),
  });
  await storage.createFile("b", "f", InputFile.fromPath("/tmp/a", "a.txt"), [], (progress) => console.log(progress.$id));
  const bytes: ArrayBuffer = await storage.getFileView({ bucketId: "b", fileId: file.$id });
  const deployment: Models.Deployment = await new Functions(client).createDeployment({ functionId: "f", code: InputFile.fromPlainText("a", "a.js"), activate: true });
  await new Functions(client).create({ functionId: "f", name: "f", runtime: Runtime.Node22 });
  await new Sites(client).create({ siteId: "s", name: "s", framework: Framework.Nextjs, buildRuntime: BuildRuntime.Node22, adapter: Adapter.Ssr });
  const column: Models.ColumnInteger = await tables.createIntegerColumn({ databaseId: "d", tableId: "t", key: "k", required: false, min: 1n, max: 2, xdefault: 1 });
  await tables.createIndex({ databaseId: "d", tableId: "t", key: "k", type: TablesDBIndexType.Unique, columns: [column.key] });
  await tables.createRelationshipColumn({ databaseId: "d", tableId: "t", relatedTableId: "o", type: RelationshipType.OneToMany });
  const rows: Models.RowList<Book> = await tables.upsertRows<Book>({ databaseId: "d", tableId: "t", rows: [{ title: "a" }] });
  const statuses: string[] = (await tables.listColumns({ databaseId: "d", tableId: "t" })).columns.map((one) => one.status);
  await new Messaging(client).createPush({ messageId: "m", title: "a", priority: MessagePriority.High, data: { a: 1 } });
  await new Organization(client).createKey({ keyId: "k", name: "k", scopes: [OrganizationKeyScopes.ProjectsRead] });
  const policy = await new Project(client).getPolicy({ policyId: ProjectPolicyId.Sessionduration });
  await new Backups(client).createArchive({ services: [BackupServices.Storage] });
  const insights: Models.Insight[] = (await new Advisor(client).listInsights({ reportId: "r" })).insights;
  const rule: Models.ProxyRule = await new Proxy(client).createSiteRule({ domain: "example.com", siteId: "s" });
  await new Tokens(client).createFileToken({ bucketId: "b", fileId: "f" });
  await new Webhooks(client).create({ webhookId: "w", url: "https://example.com", name: "w", events: [] });
  const moved: string = await client.redirect("get", new URL("https://example.com/v1/avatars"));
  console.log(theme, session.secret, address, bytes.byteLength, deployment.status, rows.rows[0].pages, statuses, policy.$id, insights, rule.domain, moved);
}

export const caught = (error: unknown): string => (error instanceof AppwriteException ? error.type : "");

export async function bad(): Promise<void> {
  // @ts-expect-error: a user has an id
  await users.create({ email: "a@example.com" });
  // @ts-expect-error: the status says whether, not how
  await users.updateStatus({ userId: "u", status: "blocked" });
  // @ts-expect-error: a row is of a table
  await tables.getRow({ databaseId: "d", rowId: "r" });
  // @ts-expect-error: a book has no author
  (await tables.listRows<Book>({ databaseId: "d", tableId: "t" })).rows[0].author;
  // @ts-expect-error: what a deployment is made of is no text
  await new Functions(client).createDeployment({ functionId: "f", code: "text", activate: true });
  // @ts-expect-error: a runtime is one of the enum
  await new Functions(client).create({ functionId: "f", name: "f", runtime: "node-22" });
  // @ts-expect-error: bytes are awaited
  (await new Storage(client).getFileView({ bucketId: "b", fileId: "f" })).toUpperCase();
  // @ts-expect-error: a file is made by a method
  new InputFile("/tmp/a");
}
