// Compiled, never run: parameters and results of everything that both packages
// have must be assignable to each other, either way.
import type * as theirs from "appwrite";
import type * as ours from "isojot";

type Same<A, B> = IsAny<Awaited<A>> extends IsAny<Awaited<B>> ? ([A] extends [B] ? ([B] extends [A] ? true : false) : false) : false;
type NotAny<T> = IsAny<Awaited<T>> extends true ? "any" : T;
type IsAny<T> = 0 extends 1 & T ? true : false;

// The two call shapes of a method, the object's and the older one's.
type Shapes<F> = F extends { (...object: infer A): infer R; (...positions: infer B): infer S } ? [A, NotAny<R>, B, NotAny<S>] : never;
type Takes<G> = G extends (...all: infer A) => unknown ? A["length" & keyof A] : never;
// A method that takes nothing may take options of ours.
type SameMethod<F, G> = G extends () => infer R
  ? F extends () => infer Q ? (Takes<G> extends 0 ? Same<Q, R> : Same<Shapes<F>, Shapes<G>>) : false
  : Same<Shapes<F>, Shapes<G>>;

// The names of those members that are not the same.
type Different<A, B, Names extends keyof A & keyof B> = { [N in Names]: SameMethod<A[N], B[N]> extends true ? never : N }[Names];
type None<Names> = [Names] extends [never] ? true : Names;
function holds<_ extends true>(): void {}

// Every method of ours is one of theirs, but for those that only we have.
type AccountMethods = Exclude<keyof ours.Account, "client" | "delete" | "getToken" | "peekToken">;
holds<None<Exclude<AccountMethods, keyof theirs.Account>>>();
holds<None<Different<ours.Account, theirs.Account, AccountMethods & keyof theirs.Account>>>();
holds<Same<Extract<AccountMethods, "create" | "get" | "createJWT" | "updatePrefs">, "create" | "get" | "createJWT" | "updatePrefs">>();

// With preferences that are known; the unknown ones of the official package
// bear a symbol that it does not export.
type Theme = { theme: string };
declare const ourAccount: ours.Account;
declare const theirAccount: theirs.Account;
export const results = async () => {
  const user = { ours: await ourAccount.get<Theme>(), theirs: await theirAccount.get<Theme>() };
  holds<Same<typeof user.ours, typeof user.theirs>>();
  const prefs = { ours: await ourAccount.getPrefs<Theme>(), theirs: await theirAccount.getPrefs<Theme>() };
  holds<Same<typeof prefs.ours, typeof prefs.theirs>>();
  const updated = { ours: await ourAccount.updatePrefs<Theme>({}), theirs: await theirAccount.updatePrefs<Theme>({}) };
  holds<Same<typeof updated.ours, typeof updated.theirs>>();
};
holds<Same<Omit<ours.Models.User, "prefs">, Omit<theirs.Models.User, "prefs">>>();
holds<Same<keyof ours.Models.User, keyof theirs.Models.User>>();
export const prefs: ours.Models.DefaultPreferences = {} as theirs.Models.DefaultPreferences;

type ModelNames = "Session" | "SessionList" | "Jwt" | "Target" | "Preferences";
type OurModels = { Session: ours.Models.Session; SessionList: ours.Models.SessionList; Jwt: ours.Models.Jwt; Target: ours.Models.Target; Preferences: ours.Models.Preferences };
type TheirModels = { Session: theirs.Models.Session; SessionList: theirs.Models.SessionList; Jwt: theirs.Models.Jwt; Target: theirs.Models.Target; Preferences: theirs.Models.Preferences };
holds<None<{ [N in ModelNames]: Same<OurModels[N], TheirModels[N]> extends true ? (Same<keyof OurModels[N], keyof TheirModels[N]> extends true ? never : N) : N }[ModelNames]>>();

type FunctionsMethods = Exclude<keyof ours.Functions, "client">;
holds<Same<FunctionsMethods, Exclude<keyof theirs.Functions, "client">>>();
holds<None<Different<ours.Functions, theirs.Functions, FunctionsMethods>>>();
holds<Same<ours.Models.Execution, theirs.Models.Execution>>();
holds<Same<ours.Models.ExecutionList, theirs.Models.ExecutionList>>();

// Every static member of the helpers, and nothing but these.
type Statics<T> = Exclude<keyof T, "prototype">;
type SameStatics<T, U> = Same<Pick<T, Statics<T>>, Pick<U, Statics<U>>>;
holds<SameStatics<typeof ours.Query, typeof theirs.Query>>();
holds<Same<Statics<typeof ours.Query>, Statics<typeof theirs.Query>>>();
holds<Same<ours.Query, theirs.Query>>();
holds<Same<ConstructorParameters<typeof ours.Query>, ConstructorParameters<typeof theirs.Query>>>();
holds<Same<ours.QueryTypes, theirs.QueryTypes>>();
holds<Same<ours.QueryTypesList, theirs.QueryTypesList>>();
holds<SameStatics<typeof ours.Permission, typeof theirs.Permission>>();
holds<Same<Statics<typeof ours.Permission>, Statics<typeof theirs.Permission>>>();
holds<SameStatics<typeof ours.Role, typeof theirs.Role>>();
holds<Same<Statics<typeof ours.Role>, Statics<typeof theirs.Role>>>();
holds<SameStatics<typeof ours.ID, typeof theirs.ID>>();

holds<Same<ours.ExecutionMethod, theirs.ExecutionMethod>>();
holds<Same<ours.ExecutionResourceType, theirs.ExecutionResourceType>>();
holds<Same<ours.ExecutionStatus, theirs.ExecutionStatus>>();
holds<Same<ours.ExecutionTrigger, theirs.ExecutionTrigger>>();

// Setters give back the client, whichever it is, and take the same.
type Setter = "setEndpoint" | "setProject" | "setJWT" | "setSession" | "setLocale";
holds<None<{ [N in Setter]: Same<Parameters<ours.Client[N]>, Parameters<theirs.Client[N]>> extends true ? never : N }[Setter]>>();
holds<None<{ [N in Setter]: ReturnType<ours.Client[N]> extends ours.Client ? never : N }[Setter]>>();
holds<Same<ours.Client["ping"], theirs.Client["ping"]>>();
holds<Same<ours.Client["headers"], theirs.Client["headers"]>>();
holds<Same<ReturnType<ours.Client["getHeaders"]>, ReturnType<theirs.Client["getHeaders"]>>>();

// What is theirs to take is ours to take, and what ours gives is of their type.
declare const graphql: ours.Graphql;
export const asTheirs: Pick<theirs.Graphql, "query" | "mutation"> = graphql;
type ErrorFields = "name" | "message" | "code" | "type" | "response";
holds<Same<Pick<theirs.AppwriteException, Exclude<ErrorFields, "name">>, Pick<ours.AppwriteException, Exclude<ErrorFields, "name">>>>();
export const error: theirs.AppwriteException = {} as ours.AppwriteException;
type Four<T extends abstract new (...args: never[]) => unknown> = ConstructorParameters<T> extends [infer A, ...infer _] ? A : never;
holds<Same<Four<typeof ours.AppwriteException>, Four<typeof theirs.AppwriteException>>>();
