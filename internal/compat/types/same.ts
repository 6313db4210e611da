// Compiled, never run: parameters and results of everything that both packages
// have must be assignable to each other, either way.
import type * as theirs from "appwrite";
import type * as ours from "isojot";
import { holds, type DifferentClass, type DifferentStatics, type None, type NotAny, type Same, type Statics, type Taken } from "./compare";

// The two call shapes of a method, the object's and the older one's.
type Shapes<F> = F extends { (...object: infer A): infer R; (...positions: infer B): infer S } ? [A, NotAny<R>, B, NotAny<S>] : never;
type Takes<G> = G extends (...all: infer A) => unknown ? A["length" & keyof A] : never;
// A method that takes nothing may take options of ours.
type SameMethod<F, G> = G extends () => infer R
  ? F extends () => infer Q ? (Takes<G> extends 0 ? Same<Q, R> : Same<Shapes<F>, Shapes<G>>) : false
  : Same<Shapes<F>, Shapes<G>>;

// The names of those members that are not the same.
type Different<A, B, Names extends keyof A & keyof B> = { [N in Names]: SameMethod<A[N], B[N]> extends true ? never : N }[Names];

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

// Every member of the helpers, and nothing but these.
holds<None<DifferentStatics<typeof ours.ID, typeof theirs.ID>>>(); // its instances, which nobody makes, have a private member there
holds<None<DifferentClass<typeof ours.Operator, typeof theirs.Operator>>>();
holds<None<DifferentClass<typeof ours.Permission, typeof theirs.Permission>>>();
holds<None<DifferentClass<typeof ours.Query, typeof theirs.Query>>>();
holds<None<DifferentClass<typeof ours.Role, typeof theirs.Role>>>();
holds<Same<ours.Condition, theirs.Condition>>();
holds<Same<keyof typeof ours.Condition, keyof typeof theirs.Condition>>();
holds<Same<ours.QueryTypes, theirs.QueryTypes>>();
holds<Same<ours.QueryTypesList, theirs.QueryTypesList>>();

// A class with private members is assignable to no other, so that channels are
// compared by what they are of: in each method, the channel it is called on and
// the one it makes.
type Of<C> = C extends ours.Channel<infer T> ? T : C extends theirs.Channel<infer U> ? U : C;
type Step<F extends (...args: never[]) => unknown> = [on: Of<ThisParameterType<F>>, takes: Taken<Parameters<F>>, makes: NotAny<Of<ReturnType<F>>>];
type Steps<T> = { [N in keyof T]: T[N] extends (...args: never[]) => unknown ? Step<T[N]> : never };
type DifferentSteps<T, U> = { [N in keyof T & keyof U]: Same<T[N], U[N]> extends true ? never : N }[keyof T & keyof U];
type ChannelStatics<T> = Steps<Pick<T, Statics<T>>>;
type ChannelMethods<T> = Steps<Omit<T, "_type">>;
holds<Same<Statics<typeof ours.Channel>, Statics<typeof theirs.Channel>>>();
holds<Same<keyof ours.Channel<"any">, keyof theirs.Channel<"any">>>();
holds<None<DifferentSteps<ChannelStatics<typeof ours.Channel>, ChannelStatics<typeof theirs.Channel>>>>();
holds<None<DifferentSteps<ChannelMethods<ours.Channel<"any">>, ChannelMethods<theirs.Channel<"any">>>>>();
export const channel: ours.Channel<Of<ReturnType<typeof ours.Channel.team>>> = {} as ReturnType<typeof theirs.Channel.team>;

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
