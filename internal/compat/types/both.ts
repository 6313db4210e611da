// Compiled twice, never run: "sdk" is the official package once, and ours once.
// The good lines must compile with both, and each @ts-expect-error be an error
// with both.
import {
  Account, AppwriteException, AuthenticatorType, Avatars, Channel, Client, Condition, Databases, ExecutionMethod, ExecutionStatus, Flag, Graphql, ID,
  ImageFormat, OAuthProvider, Operator, Permission, Query, Role, Storage, TablesDB, Teams,
  type Models, type Payload, type QueryTypes, type QueryTypesList, type RealtimeResponseEvent, type UploadProgress,
} from "sdk";

const client: Client = new Client().setEndpoint("https://example.com/v1").setProject("demo").setLocale("en").setSession("").setJWT("");
const account = new Account(client);
const graphql = new Graphql(client);
const credentials = { email: "ada@example.com", password: "correct horse battery" };

export async function good(query: object, values: QueryTypes, list: QueryTypesList): Promise<void> {
  const user: Models.User = await account.create({ userId: ID.unique(), ...credentials });
  const named: Models.User<{ theme: string }> = await account.create<{ theme: string }>(ID.custom("a"), credentials.email, credentials.password, "Ada");
  const session: Models.Session = await account.createEmailPasswordSession(credentials);
  await account.createEmailPasswordSession(credentials.email, credentials.password);
  const { jwt }: Models.Jwt = await account.createJWT();
  await account.createJWT({ duration: 60 });
  await account.createJWT(60);
  const sessions: Models.SessionList = await account.listSessions();
  const target: Models.Target | undefined = user.targets.at(0);
  await account.getSession({ sessionId: sessions.sessions[0].$id });
  await account.getSession("current");
  await account.updatePrefs({ prefs: { theme: "dark", big: 9007199254740993n } });
  await account.updatePrefs({ theme: "dark" });
  await account.updatePrefs<{ theme: string }>({ prefs: {} });
  const theme: string = (await account.getPrefs()).theme.toUpperCase();
  const typed: string = (await account.getPrefs<{ theme: string }>()).theme;
  const ended: {} = await account.deleteSession({ sessionId: "current" });
  await graphql.query({ query: { query: "{ accountGet { _id } }" } });
  await graphql.query([{ query: "{ accountGet { _id } }" }]);
  const answer: {} = await graphql.mutation({ query });
  await graphql.query(query);
  const pong: unknown = await client.ping();
  const headers: { [name: string]: string } = client.getHeaders();
  const text: string = [
    Query.equal("name", ["Ada"]), Query.equal("size", 9007199254740993n), Query.contains("name", list), Query.notEqual("a", values),
    Query.or([Query.limit(1), Query.orderRandom()]), new Query("equal", "a", values).toString(), Permission.read(Role.user("a", "verified")),
    Permission.write(Role.team("a")), Role.any(), ExecutionMethod.GET, ExecutionStatus.Completed,
    Operator.increment(), Operator.increment(2, 10), Operator.divide(2), Operator.arrayInsert(0, { a: 1 }), Operator.arrayAppend([1, "b", null]),
    Operator.arrayFilter(Condition.GreaterThan, 5), Operator.arrayFilter(Condition.IsNull), new Operator("toggle", []).toString(),
    Channel.account(), Channel.documents(), Channel.database("d").collection("c").document().toString(), Channel.execution("e").toString(),
    Channel.database("d").collection("c").document("d").upsert().toString(), Channel.tablesdb("d").table("t").row("r").create().toString(),
    Channel.bucket("b").file().delete().toString(), Channel.team("t").update().toString(), Channel.presence("p").upsert().toString(),
  ].join();
  console.log(named.prefs.theme, session.secret, jwt, target?.providerId, theme, typed, ended, answer, pong, headers, text, user.emailCanonical);
}

type Book = Models.Row & { title: string; pages: number };
type Theme = { theme: string };

// As a program's own function around an SDK's has to be declared.
function store<Row extends Models.Row = Models.DefaultRow>(
  tables: TablesDB,
  rowId: string,
  data: Row extends Models.DefaultRow ? Partial<Models.Row> & Record<string, any> : Partial<Models.Row> & Omit<Row, keyof Models.Row>,
): Promise<Row> {
  return tables.createRow<Row>({ databaseId: "d", tableId: "t", rowId, data });
}

export async function services(tables: TablesDB, databases: Databases): Promise<void> {
  const place = { databaseId: "d", tableId: "t" };
  const row = await tables.createRow({ ...place, rowId: ID.unique(), data: { anything: 1 }, permissions: [Permission.read(Role.any())] });
  const anything: string = row.anything + row.$id;
  const book: Book = await tables.createRow<Book>({ ...place, rowId: "r", data: { title: "a", pages: 1 } });
  await tables.createRow<Book>("d", "t", "r", { title: "a", pages: 1, $permissions: [] });
  const pages: number = (await tables.updateRow<Book>({ ...place, rowId: book.$id, data: { pages: 2 } })).pages;
  await tables.upsertRow<Book>({ ...place, rowId: "r" });
  const titles: string[] = (await tables.listRows<Book>({ ...place, queries: [Query.limit(1)], total: false, ttl: 5 })).rows.map((one) => one.title);
  const stored: Book = await store<Book>(tables, "r", { title: "a", pages: 1 });
  const other: Models.DefaultRow = await store(tables, "r", { whatever: true });
  await tables.createOperations({ transactionId: (await tables.createTransaction()).$id, operations: [{ action: "create" }] });
  const document = await databases.getDocument<Models.Document & { size: number }>("d", "c", "x");
  console.log(anything, pages, titles, stored, other, document.size.toFixed());
}

export async function pages(file: File, teams: Teams): Promise<void> {
  const storage = new Storage(client);
  const onProgress = (progress: UploadProgress) => console.log(progress.chunksUploaded / progress.chunksTotal);
  const made: Models.File = await storage.createFile({ bucketId: "b", fileId: ID.unique(), file, onProgress });
  await storage.createFile("b", "f", file, [], "folder", onProgress);
  const urls: string[] = [
    storage.getFilePreview({ bucketId: "b", fileId: made.$id, width: 10, output: ImageFormat.Webp }), storage.getFileView("b", "f"),
    new Avatars(client).getFlag({ code: Flag.Albania }), new Avatars(client).getInitials(),
  ];
  const sent: string | void = account.createOAuth2Session({ provider: OAuthProvider.Github, success: "https://example.com" });
  account.createOAuth2Token(OAuthProvider.Github);
  const { uri }: Models.MfaType = await account.createMFAAuthenticator({ type: AuthenticatorType.Totp });
  const theme: string = (await teams.list<Theme>()).teams[0].prefs.theme + (await teams.get<Theme>({ teamId: "t" })).prefs.theme;
  const shared: Theme = await teams.updatePrefs<Theme>({ teamId: "t", prefs: { theme: "a" } });
  const answer: string = (await client.call("get", new URL("https://example.com/v1/locale"), { a: "b" }, { c: 1 } as Payload)).anything;
  const { uri: address, options } = client.prepareRequest("get", new URL("https://example.com/v1/locale"));
  const flat: Payload = Client.flatten({ a: [1] }, "b");
  const told = (event: RealtimeResponseEvent<{ a: string }>) => console.log(event.payload.a, event.timestamp);
  const end: () => void = client.subscribe<{ a: string }>(["files", Channel.account()], told);
  client.subscribe(Channel.bucket("b").file(), told);
  console.log(urls, sent, uri, theme, shared, answer, address, options.method, flat, end, Client.CHUNK_SIZE.toFixed());
  console.log(client.config.endpointRealtime, client.setBearer("").setCookie("").setImpersonateUserId("").setEndpointRealtime("wss://example.com/v1"));
}

export function caught(error: unknown): string {
  if (!(error instanceof AppwriteException)) return "";
  const own = new AppwriteException("m", 401, "t", "{}");
  return `${own.name} ${error.code.toFixed()} ${error.type} ${error.response}`;
}

export async function bad(): Promise<void> {
  // @ts-expect-error: an endpoint is a string
  client.setEndpoint(1);
  // @ts-expect-error: createJWT resolves with an object; its jwt is the token
  client.setJWT(await account.createJWT());
  // @ts-expect-error: a password is missing
  await account.create({ userId: "a", email: "a@example.com" });
  // @ts-expect-error: and here
  await account.createEmailPasswordSession("a@example.com");
  // @ts-expect-error: a duration is a number of seconds
  await account.createJWT({ duration: "15m" });
  // @ts-expect-error: which session
  await account.getSession();
  // @ts-expect-error: no such field
  (await account.get()).nickname;
  // @ts-expect-error: no such preference
  (await account.get<{ theme: string }>()).prefs.font;
  // @ts-expect-error: the preference is a string
  await account.updatePrefs<{ theme: string }>({ prefs: { theme: 1 } });
  // @ts-expect-error: a query is an object
  await graphql.query("{ a }");
  // @ts-expect-error: it is a promise
  account.get().$id;
  // @ts-expect-error: it is text
  Query.limit("1");
  // @ts-expect-error: which user
  Role.user();
  // @ts-expect-error: no such method
  ExecutionMethod.TRACE;
  // @ts-expect-error: a condition is one of the enum
  Operator.arrayFilter("greaterThan", 5);
  // @ts-expect-error: by what
  Operator.multiply();
  // @ts-expect-error: which database
  Channel.database();
  // @ts-expect-error: documents are in collections
  Channel.database("d").document("d");
  // @ts-expect-error: rows are in tables of TablesDB
  Channel.database("d").table("t");
  // @ts-expect-error: nothing is told of databases as such
  Channel.database("d").create();
  // @ts-expect-error: a file is not written over
  Channel.bucket("b").file("f").upsert();
  // @ts-expect-error: nothing comes after what happened
  Channel.team("t").create().update();
  // @ts-expect-error: there are methods that make one
  new Channel(["account"]);
}

export async function badServices(tables: TablesDB, teams: Teams, storage: Storage): Promise<void> {
  const row = { databaseId: "d", tableId: "t", rowId: "r" };
  // @ts-expect-error: a book has pages too
  await tables.createRow<Book>({ ...row, data: { title: "a" } });
  // @ts-expect-error: which are counted
  await tables.updateRow<Book>({ ...row, data: { pages: "1" } });
  // @ts-expect-error: and are of rows with an id
  await tables.listRows<{ title: string }>(row);
  // @ts-expect-error: a book has no author
  (await tables.getRow<Book>(row)).author;
  // @ts-expect-error: no such preference
  (await teams.list<Theme>()).teams[0].prefs.font;
  // @ts-expect-error: a file is no text
  await storage.createFile({ bucketId: "b", fileId: "f", file: "text" });
  // @ts-expect-error: a URL is had at once
  storage.getFileView("b", "f").then();
  // @ts-expect-error: a provider is one of the enum
  account.createOAuth2Session({ provider: "github" });
  // @ts-expect-error: who is invited has roles
  await teams.createMembership({ teamId: "t", email: "a@example.com" });
}
