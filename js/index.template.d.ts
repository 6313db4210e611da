/** What the server answers with. Dates are ISO 8601 in UTC, such as `2026-08-21T12:42:57.123+00:00`. */
export namespace Models {
  /** What a user's preferences are narrowed to: `account.get<{ theme: string }>()`. */
  type Preferences = {};

  /** Preferences of which nothing is known. */
  type DefaultPreferences = Preferences & { [key: string]: any };

  //! models User Target Session SessionList Jwt=JWT but Preferences DefaultPreferences
}

// Tells rows and documents of which nothing is known from others.
declare const __default: unique symbol;

/** What goes into a row that is made. */
type NewRow<Row extends Models.Row> = Row extends Models.DefaultRow
  ? Partial<Models.Row> & Record<string, any>
  : Partial<Models.Row> & Omit<Row, keyof Models.Row>;

/** What of a row is changed. */
type PartialRow<Row extends Models.Row> = Row extends Models.DefaultRow
  ? Partial<Models.Row> & Record<string, any>
  : Partial<Models.Row> & Partial<Omit<Row, keyof Models.Row>>;

/** What goes into a document that is made. */
type NewDocument<Document extends Models.Document> = Document extends Models.DefaultDocument
  ? Partial<Models.Document> & Record<string, any>
  : Partial<Models.Document> & Omit<Document, keyof Models.Document>;

/** What of a document is changed. */
type PartialDocument<Document extends Models.Document> = Document extends Models.DefaultDocument
  ? Partial<Models.Document> & Record<string, any>
  : Partial<Models.Document> & Partial<Omit<Document, keyof Models.Document>>;

/** What a token says of itself. */
export interface Claims {
  /** The user it stands for. */
  userId: string;
  /** The session it dies with; empty when it is bound to none. */
  sessionId: string;
  /** The first moment at which it is refused, in seconds since 1970 by the server's clock. */
  exp: number;
}

/** Keeps the session where cookies don't: anything with these methods of localStorage. */
export interface ClientStorage {
  getItem(key: string): string | null | undefined;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Options of a Client. */
export interface ClientOptions {
  /**
   * Where the client remembers its session. Default: localStorage in browsers,
   * for those that do not keep the cookie; nowhere in Node. Give each user their
   * own. `"none"` or null: nowhere, also in browsers.
   */
  storage?: ClientStorage | "none" | null;
  /**
   * Where a token outlives the page's reload. Default: sessionStorage in
   * browsers, nowhere in Node. `"none"` or null: in memory only.
   */
  tokenStorage?: ClientStorage | "none" | null;
  /** What getToken() asks for. */
  token?: {
    /** Seconds a token lives: a whole number from 1 to 3600. Default: the server's, which is 900. */
    duration?: number;
    /** Seconds before its end from which a token is made anew when it is asked for: a whole number from 0 to 3600. */
    refreshEarly?: number;
  };
}

// What platforms have by these names, by the members that are used here: the
// declarations ask for neither the DOM library nor @types/node.

/** An `AbortSignal`: the platform's own, where it is declared. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Own } } ? Own : AnySignal;

interface AnySignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** `Headers`, as of fetch. */
export interface HeaderList {
  get(name: string): string | null;
  has(name: string): boolean;
  append(name: string, value: string): void;
  forEach(callback: (value: string, name: string) => void): void;
}

/** A `URL`. */
export interface Address {
  readonly href: string;
  readonly searchParams: object;
}

/** A `WebAssembly.Module`, which has no members. */
export interface CompiledModule {}

/** What every call takes besides its own parameters. */
export interface CallOptions {
  /** Aborts the call: it then rejects with the signal's reason, an AbortError unless another was given. */
  signal?: Signal;
}

/** Options of getToken(). */
export interface TokenOptions extends CallOptions {
  /** Make a new token even if the one held is fresh. It counts against the server's limit of JWTs. False by default. */
  forceRefresh?: boolean;
}

/** A token that acts for the user, and whose it is. */
export interface Token {
  /** The JWT, for an `x-appwrite-jwt` or `Authorization: Bearer` header. */
  readonly jwt: string;
  readonly userId: string;
  /** The session it dies with; empty when it is bound to none. */
  readonly sessionId: string;
  /** When it ends, in milliseconds since 1970, reckoned by this machine's clock. */
  readonly expiresAt: number;
}

/** What onAuthChange() tells of. */
export interface AuthChange {
  /** `token-expiring`: the token held is near its end; the next getToken() makes a new one. `error`: none could be made, or the WebAssembly not be loaded. */
  readonly type: "signed-in" | "signed-out" | "token-refreshed" | "token-expiring" | "error";
  /** Empty when it is not known. */
  readonly userId: string;
  /** Empty when it is not known. */
  readonly sessionId: string;
  /** The token now held, if the change is about one. */
  readonly token?: Token;
  /** What went wrong, for `error` and for a `signed-out` that nobody asked for. */
  readonly error?: AppwriteException;
}

/** Parameters of a request. */
export type Payload = { [key: string]: any };

/** How far an upload is. */
export type UploadProgress = {
  /** The id of the file or deployment. */
  $id: string;
  /** In percent. */
  progress: number;
  /** In bytes. */
  sizeUploaded: number;
  chunksTotal: number;
  chunksUploaded: number;
};

/** What Realtime tells of. */
export type RealtimeResponseEvent<T> = {
  events: string[];
  channels: string[];
  timestamp: string;
  payload: T;
  /** Which subscriptions it is for. */
  subscriptions?: string[];
};

/** Says whom to talk to, and as whom. A call uses what is set when it is made. */
export class Client {
  constructor(options?: ClientOptions);

  /** How many bytes of a file an upload sends at a time. */
  static CHUNK_SIZE: number;

  /** Parameters as an address has them: `{ a: [1] }` is `{ "a[0]": 1 }`, behind a prefix if there is one. */
  static flatten(data: Payload, prefix?: string): Payload;

  /** The configuration now in force. It is replaced, never changed, and printed without its credentials. */
  readonly config: Readonly<{
    endpoint: string;
    endpointRealtime: string;
    project: string;
    jwt: string;
    bearer: string;
    locale: string;
    session: string;
    cookie: string;
    //! page
    devkey?: string;
    //! server
    devkey: string;
    //! end
    impersonateuserid: string;
    impersonateuseremail: string;
    impersonateuserphone: string;
    //! server
    key: string;
    selfSigned: boolean;
    forwardeduseragent: string;
    //! end
  }>;

  /** More headers to send with each call. Credentials have setters of their own. */
  headers: { [name: string]: string };

  /** The Account service of this client. */
  readonly account: Account;

  /** The Functions service of this client. */
  readonly functions: Functions;

  /**
   * The API's base URL, such as `https://example.com/v1`.
   * @throws {AppwriteException} if it is not an http or https URL.
   */
  setEndpoint(endpoint: string): this;

  /**
   * The base URL of Realtime, such as `wss://example.com/v1`. setEndpoint() sets it too.
   * @throws {AppwriteException} if it is not a ws or wss URL.
   */
  setEndpointRealtime(endpointRealtime: string): this;

  /** The project's id. */
  setProject(project: string): this;
  //! server

  /** Act by an API key. `""` takes it away again. */
  setKey(key: string): this;
  //! end

  /** Act by a token of createJWT(). `""` takes it away again. */
  setJWT(jwt: string): this;

  /** Act by an access token of OAuth 2. `""` takes it away again. */
  setBearer(bearer: string): this;

  /** Act by a session's secret. `""` takes it away again. */
  setSession(session: string): this;

  /** Act by the cookies of a request. `""` takes them away again. */
  setCookie(cookie: string): this;

  /** The language of the server's messages, such as `en`. */
  setLocale(locale: string): this;

  /** A dev key, which servers that know such exempt from their limits. `""` takes it away again. */
  setDevKey(key: string): this;

  /** Act as the user of that id, if the caller may. `""` ends it. */
  setImpersonateUserId(userId: string): this;

  /** Act as the user of that e-mail address, if the caller may. `""` ends it. */
  setImpersonateUserEmail(email: string): this;

  /** Act as the user of that phone number, if the caller may. `""` ends it. */
  setImpersonateUserPhone(phone: string): this;
  //! server

  /** Whether to take a certificate that nobody vouches for. For development only. */
  setSelfSigned(selfSigned: boolean): this;

  /** The user agent of whom the call is made for. */
  setForwardedUserAgent(userAgent: string): this;

  /** One more header to send with each call. */
  addHeader(header: string, value: string): this;
  //! end

  /** A copy of the headers that calls are sent with, credentials included: handle it with care. */
  getHeaders(): { [name: string]: string };

  /** Asks whether the server can be reached and has the project: it answers `{ message: "Pong!" }`. */
  ping(options?: CallOptions): Promise<unknown>;

  /**
   * Sends a request to an address below the endpoint, as whoever the client acts
   * for. Resolves with what its JSON says, with `{ message }` for a text, or with
   * an ArrayBuffer where `responseType` is `arrayBuffer`.
   */
  call(method: string, url: PlatformURL, headers?: { [name: string]: string }, params?: Payload, responseType?: string): Promise<any>;
  //! server

  /** Sends a request that is answered by a redirection, and resolves with the address. */
  redirect(method: string, url: PlatformURL, headers?: { [name: string]: string }, params?: Payload): Promise<string>;
  //! end

  /** What call() would send, for a fetch of one's own. */
  prepareRequest(
    method: string,
    url: PlatformURL,
    headers?: { [name: string]: string },
    params?: Payload,
  ): { uri: string; options: PlatformRequestInit };

  /** Sends a request with a file among its parameters, in chunks if it is large. */
  chunkedUpload(
    method: string,
    url: PlatformURL,
    headers: { [name: string]: string } | undefined,
    originalPayload: Payload | undefined,
    onProgress: (progress: UploadProgress) => void,
  ): Promise<any>;

  /**
   * Calls `callback` with what happens in the channels. Call the returned
   * function to end it. Throws for now: there is no Realtime yet.
   */
  subscribe<T>(
    channels: string | string[] | Channel<any> | (Channel<any> | string)[],
    callback: (payload: RealtimeResponseEvent<T>) => void,
    queries?: (string | Query)[],
  ): () => void;

  /**
   * Calls `listener` with each sign-in, sign-out and change of the token, also
   * of other tabs, and first with how things are where that is known. Loads the
   * WebAssembly. Call the returned function to end it: until then the client is
   * kept in memory.
   */
  onAuthChange(listener: (change: AuthChange) => void): () => void;
}

/** A cookie of a request. */
export interface Cookie {
  name: string;
  value: string;
}

/** What a session cookie is written with. `cookieOptions` of createServerClient() changes the first four. */
export interface CookieOptions {
  domain?: string;
  /** Default: `/`. */
  path?: string;
  /** Default: `lax`. `none` needs `secure`. */
  sameSite?: "lax" | "strict" | "none";
  /** Default: true where NODE_ENV is `production`; else left to what writes the cookie. */
  secure?: boolean;
}

/** A cookie to write. One to remove has an empty value and lies in the past. */
export interface CookieToSet extends Cookie {
  options: CookieOptions & { httpOnly: true; expires?: Date };
  /** The same as the value of a Set-Cookie header. */
  header: string;
}

type MaybePromise<T> = T | PromiseLike<T>;
type CookieHeader = string | null | undefined;

/**
 * The cookies of a request: what frameworks have for them, or what comes with
 * the request and can only be read, which is enough where nobody signs in.
 */
export type CookieSource =
  | {
      get(name: string): MaybePromise<string | { value: string } | null | undefined>;
      set?(name: string, value: string, options: object): unknown;
    }
  | {
      /** All cookies, or the request's Cookie header. */
      getAll(): MaybePromise<readonly Cookie[] | CookieHeader>;
      /** Writes cookies. `headers` belong to the answer that carries them. */
      setAll?(cookies: CookieToSet[], headers: { [name: string]: string }): unknown;
    }
  | { readonly headers: HeaderList | { readonly cookie?: string } }
  | HeaderList
  | CookieHeader;

/** Options of createServerClient(). */
export interface ServerClientOptions {
  /** The API's base URL, such as `https://example.com/v1`. */
  endpoint: string;
  /** The project's id. */
  project: string;
  /** Those of the request, or a promise of them. */
  cookies: MaybePromise<CookieSource>;
  /** A JWT that came with the request: calls act by it where they can. */
  jwt?: string;
  /** The language of the server's messages, such as `en`. */
  locale?: string;
  /** More headers to send with each call, such as the `user-agent` of the request. */
  headers?: { [name: string]: string | undefined } | HeaderList;
  /** What getToken() asks for. */
  token?: ClientOptions["token"];
  /** How the session cookie is written. */
  cookieOptions?: CookieOptions;
}

/** What a request is answered with: a `Response`, or a `ServerResponse` of Node. */
export type Answer = { readonly status: number; readonly body: object | null } | { once(event: "close", listener: () => void): unknown };

declare global {
  // As TypeScript's lib esnext.disposable has them, for those who use another.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
    readonly asyncDispose: unique symbol;
  }
}

/**
 * Acts for whoever sent one request, and for that request only: afterwards, and
 * when its cookies hold another session, calls reject with `client_reused`.
 */
export interface ServerClient {
  readonly config: Readonly<{ endpoint: string; project: string; locale: string }>;

  /** More headers to send with each call. */
  headers: { [name: string]: string };

  /** The Account service. Its sign-ins and sign-outs write the session's cookie. */
  readonly account: Account;

  /** The Functions service. */
  readonly functions: Functions;

  /** The language of the server's messages, such as `en`. */
  setLocale(locale: string): this;

  /**
   * Sends a request to an address below the endpoint, for services of one's own: with the session of the request, and
   * what it does to that.
   */
  call(method: string, url: PlatformURL, headers?: { [name: string]: string }, params?: Payload, responseType?: string): Promise<any>;

  /** Sends a request with a file among its parameters, in chunks if it is large. */
  chunkedUpload(
    method: string,
    url: PlatformURL,
    headers: { [name: string]: string } | undefined,
    originalPayload: Payload | undefined,
    onProgress: (progress: UploadProgress) => void,
  ): Promise<any>;

  /**
   * Resolves with the address of a page of one's own that calls signInByCallback(), bound to the browser of the request:
   * for the `url` of createMagicURLToken() and the `success` of createOAuth2Token(). It writes a cookie, which lives for
   * an hour.
   */
  callbackURL(address: string): Promise<string>;

  /**
   * Signs in by the parameters that a link of a mail, or a sign-in at a provider, has brought the browser here with.
   * Rejects with `client_other_browser` where the sign-in was not begun in this browser, and with nothing used up: ask
   * the visitor by a form, and call createSession().
   */
  signInByCallback(address: string): Promise<Models.Session>;

  /** Lets go of what the client holds, and aborts what is under way. */
  close(): void;

  /**
   * Closes it when an answer has ended, and returns the answer to send: of a
   * `Response`, or a promise of one, another one; of a `ServerResponse` of Node
   * the same. What the answer streams still has the client.
   */
  closeAfter<A extends Answer>(answer: A): A;
  closeAfter<A extends Answer>(answer: PromiseLike<A>): Promise<A>;

  /** Closes it, for `using`. */
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The account of whoever the client acts for. Calls reject with an
 * AppwriteException; a missing required parameter throws one at once.
 */
export class Account {
  constructor(client: Client | ServerClient);

  client: Client | ServerClient;

  /**
   * Resolves with a token to act for the user. One that is fresh is reused, in
   * other tabs too; else one is made, once for all who wait.
   */
  getToken(options?: TokenOptions): Promise<Token>;

  /** The token that is held and alive, or null. Never asks the server and loads nothing. */
  peekToken(): Token | null;

  //! methods Account
}

//! page
/**
 * Executes functions as whoever the client acts for, or as a guest. Calls reject
 * with an AppwriteException; a missing required parameter throws one at once.
 */
//! server
/**
 * Functions, their code and their executions. Calls reject with an
 * AppwriteException; a missing required parameter throws one at once.
 */
//! end
export class Functions {
  constructor(client: Client | ServerClient);

  client: Client | ServerClient;

  /**
   * Executes a function and resolves with what it answered, or with `async`
   * at once. A function that fails rejects nothing: see `status`.
   */
  createExecution(params: {
    functionId: string;
    /** At most 10485760 characters. */
    body?: string;
    /** Run it later: getExecution() tells what came of it, but for the answer's body. */
    async?: boolean;
    /** What it is asked for, with its query: at most 2048 characters, `/` by default. */
    path?: string;
    /** The same, as the official package calls it. */
    xpath?: string;
    /** `POST` by default. */
    method?: ExecutionMethod;
    /** At most 100, whose names do not begin with `x-appwrite-`. */
    headers?: object;
    /** The minute to run it in, at least one ahead, such as `2026-08-21T12:42:00.000+00:00`. Needs `async`. */
    scheduledAt?: string;
  } & CallOptions): Promise<Models.Execution>;
  /** @deprecated Pass one object. */
  createExecution(
    functionId: string,
    body?: string,
    async?: boolean,
    path?: string,
    method?: ExecutionMethod,
    headers?: object,
    scheduledAt?: string,
  ): Promise<Models.Execution>;

  //! methods Functions but createExecution
}

/** A GraphQL query or mutation. */
export interface GraphqlQuery {
  /** Such as `{ accountGet { _id email } }`: operations are named by service and method, and `$id` is `_id`. */
  query: string;
  /** The values of its variables. */
  variables?: { [name: string]: unknown };
  /** Which of several operations in `query` to run. */
  operationName?: string;
}

/** Why an operation of a query failed, or what is wrong with the query. */
export interface GraphqlError {
  message: string;
  locations?: { line: number; column: number }[];
  /** Where in `data` the operation's answer would be. */
  path?: (string | number)[];
  /** What REST would answer. Appwrite itself sends none. */
  extensions?: { code: number; type: string };
}

/** The answer to a query. */
export interface GraphqlAnswer<Data = { [field: string]: unknown }> {
  /** One member for each operation, null where it failed. Absent where nothing was run. */
  data?: Data;
  errors?: GraphqlError[];
}

/**
 * GraphQL queries and mutations of whoever the client acts for: by its JWT where
 * one is set. Calls reject with an AppwriteException if the request is refused;
 * errors of single operations are in the answer. Sign in by Account where you
 * need the session's secret (outside browsers) or an onAuthChange at once: of a
 * sign-in by GraphQL it tells at the next call.
 */
export class Graphql {
  constructor(client: Client);

  client: Client;

  /** Runs a query. */
  query<Data = { [field: string]: unknown }>(params: { query: GraphqlQuery } & CallOptions): Promise<GraphqlAnswer<Data>>;
  /** Runs several; a list of one is answered as one. */
  query(params: { query: GraphqlQuery[] } & CallOptions): Promise<GraphqlAnswer[]>;
  /** @deprecated Pass one object, `{ query: ... }`. */
  query<Data = { [field: string]: unknown }>(query: GraphqlQuery): Promise<GraphqlAnswer<Data>>;
  /** @deprecated Pass one object, `{ query: [...] }`. */
  query(query: GraphqlQuery[]): Promise<GraphqlAnswer[]>;
  /** What is not known to be a query, either way. */
  query(query: object): Promise<{}>;

  /** Runs a mutation. */
  mutation<Data = { [field: string]: unknown }>(params: { query: GraphqlQuery } & CallOptions): Promise<GraphqlAnswer<Data>>;
  /** Runs several; a list of one is answered as one. */
  mutation(params: { query: GraphqlQuery[] } & CallOptions): Promise<GraphqlAnswer[]>;
  /** @deprecated Pass one object, `{ query: ... }`. */
  mutation<Data = { [field: string]: unknown }>(query: GraphqlQuery): Promise<GraphqlAnswer<Data>>;
  /** @deprecated Pass one object, `{ query: [...] }`. */
  mutation(query: GraphqlQuery[]): Promise<GraphqlAnswer[]>;
  /** What is not known to be a mutation, either way. */
  mutation(query: object): Promise<{}>;
}

//! services but Account Functions Graphql

/** What an upload has done, which it keeps up to date. As JSON it outlives a page's reload. */
export interface UploadState {
  /** The id of the file or deployment; absent before it has begun, and after its end. */
  $id?: string;
  /** The size of the file in bytes. */
  size?: number;
  /** The chunks that have been sent. */
  chunks?: number[];
  /** Which file it is and where it goes to, by the names of the parameters. */
  target?: { [param: string]: string };
}

/** Options of an upload. */
export interface UploadOptions extends CallOptions {
  /**
   * An object that is kept up to date: give it again, with the same file and ids, to go on with an upload that failed or was
   * aborted. An empty one begins. It serves one upload at a time.
   *
   * An upload rides out short faults by itself: a chunk after the first that gets no answer, or 408, 429 or 5xx, is sent
   * again after a pause, and chunks go one by one once the server has answered 429 or 503.
   */
  resume?: UploadState;
}

//! page
/** What can be uploaded: a File, or a Blob, whose name is `blob`. */
export type FileInput = PlatformFile | BlobLike;
//! server
/** What can be uploaded. A Blob's name is `blob`, that of bytes `file`. */
export type FileInput = PlatformFile | BlobLike | InputFile | ArrayBuffer | Uint8Array;

/** A file to upload, of memory or of the disk. */
export class InputFile {
  private constructor();

  /** The name that the file gets. */
  filename: string;

  /** Of what memory holds. */
  static fromBuffer(parts: BlobLike | Uint8Array | ArrayBuffer | string, name: string): InputFile;

  /** Of a file of the disk, which is read as it is sent. Its own name by default. */
  static fromPath(path: string, name?: string): InputFile;

  /** Of a text. */
  static fromPlainText(content: string, name: string): InputFile;

  /** Of a stream, which is read once and in order. `size` is how many bytes it gives, which each chunk has to say. */
  static fromStream(
    stream: AsyncIterable<Uint8Array | string> | { getReader(): { read(): Promise<{ done: boolean; value?: unknown }> } },
    name: string,
    size: number,
  ): InputFile;

  /** How many bytes it has. */
  size(): Promise<number>;

  /** The bytes from `start` up to `end`. */
  slice(start: number, end: number): Promise<Uint8Array>;

  /** All of it as a File. */
  toFile(): Promise<PlatformFile>;
}
//! end

/** Makes ids for new resources. */
export class ID {
  /** Returns the id as it is, to say that it was chosen on purpose. */
  static custom(id: string): string;

  /** A new id: 13 hexadecimal digits of time and `padding` random ones, 7 by default. Servers take at most 23. */
  static unique(padding?: number): string;
}

/** One value that a query compares with. */
type QueryTypesSingle = string | number | bigint | boolean;
/** Several of them. */
export type QueryTypesList = string[] | number[] | bigint[] | boolean[] | Query[] | unknown[];
/** What a query compares with. */
export type QueryTypes = QueryTypesSingle | QueryTypesList;

/** Makes query strings for lists: `Query.equal("email", "ada@example.com")`. A server tells which it takes, and of what. */
export class Query {
  constructor(method: string, attribute?: string | string[], values?: QueryTypes);

  method: string;
  attribute: string | string[] | undefined;
  values: QueryTypesList | undefined;

  /** The query as JSON. */
  toString(): string;

  static equal: (attribute: string, value: QueryTypes) => string;
  static notEqual: (attribute: string, value: QueryTypes) => string;
  static regex: (attribute: string, pattern: string) => string;
  static lessThan: (attribute: string, value: QueryTypes) => string;
  static lessThanEqual: (attribute: string, value: QueryTypes) => string;
  static greaterThan: (attribute: string, value: QueryTypes) => string;
  static greaterThanEqual: (attribute: string, value: QueryTypes) => string;
  static isNull: (attribute: string) => string;
  static isNotNull: (attribute: string) => string;
  static exists: (attributes: string[]) => string;
  static notExists: (attributes: string[]) => string;
  /** From `start` to `end`, both included. */
  static between: (attribute: string, start: string | number | bigint, end: string | number | bigint) => string;
  static notBetween: (attribute: string, start: string | number | bigint, end: string | number | bigint) => string;
  static startsWith: (attribute: string, value: string) => string;
  static notStartsWith: (attribute: string, value: string) => string;
  static endsWith: (attribute: string, value: string) => string;
  static notEndsWith: (attribute: string, value: string) => string;
  /** Which attributes the answer is to have. */
  static select: (attributes: string[]) => string;
  static search: (attribute: string, value: string) => string;
  static notSearch: (attribute: string, value: string) => string;
  static orderDesc: (attribute: string) => string;
  static orderAsc: (attribute: string) => string;
  static orderRandom: () => string;
  /** What comes after the item of that id. */
  static cursorAfter: (documentId: string) => string;
  /** What comes before the item of that id. */
  static cursorBefore: (documentId: string) => string;
  /** At most so many. */
  static limit: (limit: number) => string;
  /** Without the first so many. */
  static offset: (offset: number) => string;
  static contains: (attribute: string, value: string | unknown[]) => string;
  static containsAny: (attribute: string, value: unknown[]) => string;
  static containsAll: (attribute: string, value: unknown[]) => string;
  static notContains: (attribute: string, value: string | unknown[]) => string;
  static createdBefore: (value: string) => string;
  static createdAfter: (value: string) => string;
  static createdBetween: (start: string, end: string) => string;
  static updatedBefore: (value: string) => string;
  static updatedAfter: (value: string) => string;
  static updatedBetween: (start: string, end: string) => string;
  /** One of the queries, which Query made. */
  static or: (queries: string[]) => string;
  /** All of the queries, which Query made. */
  static and: (queries: string[]) => string;
  /** One element of the attribute matches all of the queries. */
  static elemMatch: (attribute: string, queries: string[]) => string;
  static distanceEqual: (attribute: string, values: unknown[], distance: number, meters?: boolean) => string;
  static distanceNotEqual: (attribute: string, values: unknown[], distance: number, meters?: boolean) => string;
  static distanceGreaterThan: (attribute: string, values: unknown[], distance: number, meters?: boolean) => string;
  static distanceLessThan: (attribute: string, values: unknown[], distance: number, meters?: boolean) => string;
  static vectorDot: (attribute: string, vector: number[]) => string;
  static vectorCosine: (attribute: string, vector: number[]) => string;
  static vectorEuclidean: (attribute: string, vector: number[]) => string;
  static intersects: (attribute: string, values: unknown[]) => string;
  static notIntersects: (attribute: string, values: unknown[]) => string;
  static crosses: (attribute: string, values: unknown[]) => string;
  static notCrosses: (attribute: string, values: unknown[]) => string;
  static overlaps: (attribute: string, values: unknown[]) => string;
  static notOverlaps: (attribute: string, values: unknown[]) => string;
  static touches: (attribute: string, values: unknown[]) => string;
  static notTouches: (attribute: string, values: unknown[]) => string;
}

/** One value that an operator changes by. */
type OperatorValuesSingle = string | number | boolean;
/** Several of them. */
export type OperatorValuesList = string[] | number[] | boolean[] | unknown[];
/** What an operator changes by. */
export type OperatorValues = OperatorValuesSingle | OperatorValuesList;

/**
 * Makes the strings by which an update changes what a field holds, whatever that
 * is: `{ visits: Operator.increment() }`. Those of numbers throw an Error for NaN,
 * for infinity, and for a divisor of zero.
 */
export class Operator {
  constructor(method: string, values?: OperatorValues);

  method: string;
  values: OperatorValuesList | undefined;

  /** The operator as JSON. */
  toString(): string;

  /** Adds `value`, 1 by default, up to `max`. */
  static increment: (value?: number, max?: number) => string;
  /** Takes away `value`, 1 by default, down to `min`. */
  static decrement: (value?: number, min?: number) => string;
  static multiply: (factor: number, max?: number) => string;
  static divide: (divisor: number, min?: number) => string;
  static modulo: (divisor: number) => string;
  static power: (exponent: number, max?: number) => string;
  static arrayAppend: (values: unknown[]) => string;
  static arrayPrepend: (values: unknown[]) => string;
  static arrayInsert: (index: number, value: unknown) => string;
  static arrayRemove: (value: unknown) => string;
  /** Leaves one of those that are the same. */
  static arrayUnique: () => string;
  /** Leaves those that `values` has too. */
  static arrayIntersect: (values: unknown[]) => string;
  /** Leaves those that `values` has not. */
  static arrayDiff: (values: unknown[]) => string;
  /** Leaves those that the condition holds for. */
  static arrayFilter: (condition: Condition, value?: unknown) => string;
  static stringConcat: (value: unknown) => string;
  static stringReplace: (search: string, replace: string) => string;
  /** Makes true of false, and false of true. */
  static toggle: () => string;
  static dateAddDays: (days: number) => string;
  static dateSubDays: (days: number) => string;
  static dateSetNow: () => string;
}

// What a channel is of: it says what may follow. As in the official package, so
// that its channels are ours too.
interface ChannelDatabase {
  _db: unknown;
}
interface ChannelCollection {
  _coll: unknown;
}
interface ChannelDocument {
  _doc: unknown;
}
interface ChannelTablesDB {
  _tdb: unknown;
}
interface ChannelTable {
  _tbl: unknown;
}
interface ChannelRow {
  _row: unknown;
}
interface ChannelBucket {
  _bkt: unknown;
}
interface ChannelFile {
  _file: unknown;
}
interface ChannelFunction {
  _fn: unknown;
}
interface ChannelExecution {
  _exec: unknown;
}
interface ChannelTeam {
  _team: unknown;
}
interface ChannelMembership {
  _mem: unknown;
}
interface ChannelPresence {
  _presence: unknown;
}
interface ChannelResolved {
  _res: unknown;
}
type ChannelActionable = ChannelDocument | ChannelRow | ChannelFile | ChannelTeam | ChannelMembership | ChannelPresence;

/** Told of changes by official packages. There is no Realtime here yet: `new` throws an error of type `client_unsupported`. */
export class Realtime {
  constructor(client: Client);
}

/**
 * Names what Realtime tells of, from the outside in:
 * `Channel.bucket("photos").file().create()`. Without an id it is all of a kind.
 * One that is empty, or has only spaces, throws an Error.
 */
export class Channel<T> {
  private constructor();

  /** Of the compiler's alone: no value has it. */
  _type: T;

  /** The channel as Realtime takes it. */
  toString(): string;

  collection(this: Channel<ChannelDatabase>, id: string): Channel<ChannelCollection>;
  document(this: Channel<ChannelCollection>, id?: string): Channel<ChannelDocument>;
  table(this: Channel<ChannelTablesDB>, id: string): Channel<ChannelTable>;
  row(this: Channel<ChannelTable>, id?: string): Channel<ChannelRow>;
  file(this: Channel<ChannelBucket>, id?: string): Channel<ChannelFile>;

  /** Only when one is made. */
  create(this: Channel<ChannelActionable>): Channel<ChannelResolved>;
  /** Only when one is made or written over. */
  upsert(this: Channel<ChannelDocument | ChannelRow | ChannelPresence>): Channel<ChannelResolved>;
  /** Only when one is changed. */
  update(this: Channel<ChannelActionable>): Channel<ChannelResolved>;
  /** Only when one is deleted. */
  delete(this: Channel<ChannelActionable>): Channel<ChannelResolved>;

  static database(id: string): Channel<ChannelDatabase>;
  static tablesdb(id: string): Channel<ChannelTablesDB>;
  static bucket(id: string): Channel<ChannelBucket>;
  static function(id: string): Channel<ChannelFunction>;
  static execution(id: string): Channel<ChannelExecution>;
  static team(id: string): Channel<ChannelTeam>;
  static membership(id: string): Channel<ChannelMembership>;
  static presence(id: string): Channel<ChannelPresence>;

  /** Whatever happens to the user's own account. */
  static account(): string;
  static documents(): string;
  static rows(): string;
  static files(): string;
  static executions(): string;
  static teams(): string;
  static memberships(): string;
  static presences(): string;
}

/** Makes permission strings, each of a role that Role made. */
export class Permission {
  static read: (role: string) => string;
  /** Create, update and delete in one. */
  static write: (role: string) => string;
  static create: (role: string) => string;
  static update: (role: string) => string;
  static delete: (role: string) => string;
}

/** Makes the role strings that Permission takes. */
export class Role {
  /** Everybody, signed in or not. */
  static any(): string;
  /** One user; with a status, `verified` or `unverified`, only while the user is so. */
  static user(id: string, status?: string): string;
  /** Everybody who is signed in; with a status, `verified` or `unverified`, only those. */
  static users(status?: string): string;
  /** Everybody who is not signed in. */
  static guests(): string;
  /** The members of a team; with a role, those who have it. */
  static team(id: string, role?: string): string;
  /** One member of a team. */
  static member(id: string): string;
  /** The users with a label. */
  static label(name: string): string;
}

//! enums

/** How Operator.arrayFilter() compares. */
export enum Condition {
  Equal = "equal",
  NotEqual = "notEqual",
  GreaterThan = "greaterThan",
  GreaterThanEqual = "greaterThanEqual",
  LessThan = "lessThan",
  LessThanEqual = "lessThanEqual",
  Contains = "contains",
  IsNull = "isNull",
  IsNotNull = "isNotNull",
}

/** Why a call was not let through, as far as there is evidence; else `unknown`. */
export type Reason =
  //! union Reason

/** The one error this package throws and rejects with, but for the Errors of Operator and Channel. */
export class AppwriteException extends Error {
  constructor(
    message: string,
    code?: number,
    type?: string,
    response?: string,
    options?: { cause?: unknown; reason?: Reason; advice?: string; retryAfter?: number },
  );

  name: "AppwriteException";
  /** The HTTP status; 0 when there was no answer. */
  code: number;
  /** The server's error type, or one that begins with `client_` for what failed on this side. */
  type: string;
  /** The body of the answer as it was received. */
  response: string;
  /** Why the call was not let through. */
  reason: Reason;
  /** What to do about it, in a sentence; empty when the reason is not known. */
  advice: string;
  /** Seconds to wait before the next try, where that is known. */
  retryAfter?: number;
  /** What lies below, if anything. */
  cause?: unknown;
}

/** Replaces what the Go program takes from the platform; for tests that move its time or its network. */
export interface Scope {
  /** The time, in milliseconds since 1970. */
  now?: () => number;
  /** Elapsed time. Give it together with setTimeout and clearTimeout. */
  performance?: { now(): number };
  setTimeout?(callback: () => void, milliseconds: number): unknown;
  clearTimeout?(timer: unknown): void;
  fetch?(url: string, init?: object): PromiseLike<{ readonly status: number; readonly headers: object; arrayBuffer(): PromiseLike<ArrayBuffer> }>;
}

/** Options of init(). */
export interface InitOptions {
  /** Where isojot.wasm is, if not beside the JavaScript; in Node a path will do. */
  wasmURL?: string | Address;
  /** The compiled file, for platforms that compile ahead. Not together with wasmURL. */
  wasmModule?: CompiledModule;
  /**
   * Runs the WebAssembly in a worker of the page's own origin, so that it never
   * holds up the page; storages and the copy of the token stay on the page.
   * Rejects with `client_worker_failed`, naming the fix, where none can be had.
   * Not together with scope.
   */
  worker?: boolean;
  /** Where worker.js is, if not beside the JavaScript: of the page's own origin. Only with worker. */
  workerURL?: string | Address;
  scope?: Scope;
}

/**
 * Sets how the WebAssembly is loaded, and loads it. Not needed where the
 * default location is right: the first call loads by itself. The same options
 * give the same promise; others are refused once it has loaded.
 */
export function init(options?: InitOptions): Promise<void>;

/** Loads the WebAssembly now, so that the first call need not wait. */
export function preload(): Promise<void>;

/** Ends the Go program, frees its memory and rejects the calls under way. The next call starts it again. */
export function dispose(): Promise<void>;

/**
 * Makes the client of one request of a server, which acts by the session in
 * the request's cookies. All of a process share one Go program and, for each
 * session, one token. Throws in pages, which have a Client.
 */
export function createServerClient(options: ServerClientOptions): ServerClient;

/** A request that a function was called by: the `req` of Appwrite's Node.js runtime, of node:http and Express, or a `Request`. */
export interface FunctionRequest {
  readonly headers: { get(name: string): string | null } | { readonly [name: string]: unknown };
}

/** Where else to call than the environment says. */
export interface FunctionClientOptions {
  /** The API's base URL. Default: `APPWRITE_FUNCTION_API_ENDPOINT`. */
  endpoint?: string;
  /** The project's id. Default: `APPWRITE_FUNCTION_PROJECT_ID`. */
  project?: string;
}

/**
 * Makes a client that acts for whoever executed the function in which it runs,
 * by the JWT that the server handed over: in the header `x-appwrite-user-jwt` of
 * a request, or, for commands, in the environment, `process.env` by default.
 * For guests and API keys there is none: `client.config.jwt` is empty then, and
 * calls are a guest's. The JWT is not verified here: the server does that at
 * each call. Throws in pages.
 */
export function clientFromFunction(
  source?: FunctionRequest | { readonly [name: string]: string | undefined },
  options?: FunctionClientOptions,
): Client;

/** What the Go program holds; zeros where it is not loaded. */
export interface Stats {
  /** The clients, and the sessions of server clients with a token, that it keeps something for. */
  handles: number;
  /** Its memory in bytes, which grows to the most ever needed and does not shrink. */
  memory: number;
}

/** Tells what the Go program holds, to watch a server by. */
export function stats(): Stats;

/** Reads a token's claims. It does not verify them: only the server can, so never let anybody in by it. */
export function decodeJWT(jwt: string): Promise<Claims>;

// What of a Blob is needed.
interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): BlobLike;
  arrayBuffer(): Promise<ArrayBuffer>;
}

// What the platform has, where its types are known: those of browsers, or of
// Node. Else what is needed of it.
type PlatformFile = typeof globalThis extends { File: { prototype: infer T } } ? T : BlobLike & { readonly name: string; readonly type: string };
type PlatformURL = typeof globalThis extends { URL: { prototype: infer T } } ? T : { readonly href: string; toString(): string };
type PlatformRequestInit = typeof globalThis extends { fetch: (...args: infer Args extends [unknown, unknown?]) => unknown }
  ? NonNullable<Args[1]>
  : { method?: string; headers?: unknown; body?: unknown; [option: string]: unknown };

// What is not exported above is this file's own.
export {};
