// Compiled, never run: parameters and results of everything that both packages
// have must be assignable to each other, either way.
import type * as theirs from "appwrite";
import type * as ours from "isojot";
import {
  holds, type DifferentClass, type DifferentEnums, type DifferentMembers, type DifferentModels, type DifferentServices, type DifferentSetters,
  type DifferentStatics, type None, type NotAny, type Only, type Same, type Statics, type Taken,
} from "./compare";
import type { Models } from "./models.page.gen";

// Every class, and every method of it, but for what only we have. Graphql takes
// and gives more, see below, and a Blob can be uploaded too.
holds<
  Only<
    DifferentServices<typeof ours, typeof theirs>,
    "Account.delete" | "Account.getToken" | "Account.peekToken" | "Graphql.query" | "Graphql.mutation" | "Storage.createFile"
  >
>();
holds<Only<Exclude<keyof typeof theirs, keyof typeof ours>, never>>();
holds<None<DifferentEnums<typeof ours, typeof theirs>>>();
holds<None<DifferentModels<Models>>>();

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
export const prefs: ours.Models.DefaultPreferences = {} as theirs.Models.DefaultPreferences;

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

// Setters give back the client, whichever it is, and take the same.
holds<None<DifferentSetters<ours.Client, theirs.Client>>>();
holds<None<DifferentStatics<typeof ours.Client, typeof theirs.Client>>>();
type ClientMethods = "call" | "prepareRequest" | "chunkedUpload" | "headers" | "getHeaders";
holds<None<DifferentMembers<Pick<ours.Client, ClientMethods>, Pick<theirs.Client, ClientMethods>>>>();
holds<Same<ours.Client["ping"], theirs.Client["ping"]>>();
holds<None<Exclude<keyof theirs.Client, keyof ours.Client>>>();
holds<Same<Pick<ours.Client["config"], keyof theirs.Client["config"]>, theirs.Client["config"]>>();
declare const client: ours.Client;
export const subscribed: () => void = client.subscribe<{ a: string }>(
  ["account", "files"],
  (event: theirs.RealtimeResponseEvent<{ a: string }>) => console.log(event.payload.a),
  [{} as theirs.Query, "{}"],
);
holds<Same<ours.Payload, theirs.Payload>>();
holds<Same<ours.UploadProgress, theirs.UploadProgress>>();
holds<Same<ours.RealtimeResponseEvent<number>, theirs.RealtimeResponseEvent<number>>>();

// What is theirs to take is ours to take, and what ours gives is of their type.
declare const graphql: ours.Graphql;
export const asTheirs: Pick<theirs.Graphql, "query" | "mutation"> = graphql;
type ErrorFields = "name" | "message" | "code" | "type" | "response";
holds<Same<Pick<theirs.AppwriteException, Exclude<ErrorFields, "name">>, Pick<ours.AppwriteException, Exclude<ErrorFields, "name">>>>();
export const error: theirs.AppwriteException = {} as ours.AppwriteException;
type Four<T extends abstract new (...args: never[]) => unknown> = ConstructorParameters<T> extends [infer A, ...infer _] ? A : never;
holds<Same<Four<typeof ours.AppwriteException>, Four<typeof theirs.AppwriteException>>>();
