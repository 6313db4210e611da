// What the comparisons with the official packages are made of.

/** Whether each is assignable to the other, and `any` only where the other is. */
export type Same<A, B> = IsAny<Awaited<A>> extends IsAny<Awaited<B>> ? ([A] extends [B] ? ([B] extends [A] ? true : false) : false) : false;
export type NotAny<T> = IsAny<Awaited<T>> extends true ? "any" : T;
export type IsAny<T> = 0 extends 1 & T ? true : false;

export type None<Names> = [Names] extends [never] ? true : Names;
/** Holds where exactly the listed names were found; else it is those that were not, or are not listed. */
export type Only<Found, Listed> = None<Unshared<Found, Listed>>;
export function holds<_ extends true>(): void {}

/** The static members of a class. */
export type Statics<T> = Exclude<keyof T, "prototype">;

/** The names of those static members that only one class has, or that are of other types. */
export type DifferentStatics<T, U> = Unshared<Statics<T>, Statics<U>> | DifferentMethods<T, U, Statics<T> & Statics<U> & keyof T & keyof U>;
type Unshared<A, B> = Exclude<A, B> | Exclude<B, A>;
type DifferentMethods<T, U, Names extends keyof T & keyof U> = {
  [N in Names]: Same<Described<T[N]>, Described<U[N]>> extends true ? never : N;
}[Names];
type Described<F> = F extends (...args: infer P) => infer R ? [takes: Taken<P>, makes: NotAny<R>] : F;

/** Parameters; where they are anything, unknown: `any` would be the same as whatever stands beside it. */
export type Taken<Params extends unknown[]> = { [I in keyof Params]: Known<Params[I]> };
type Known<T> = IsAny<T> extends true ? unknown : T extends readonly (infer E)[] ? (IsAny<E> extends true ? unknown[] : T) : T;

/** The names of what is not the same in two classes: static members, `instance`, and `constructor`. */
export type DifferentClass<T extends Class, U extends Class> =
  | DifferentStatics<T, U>
  | (Same<InstanceType<T>, InstanceType<U>> extends true ? never : "instance")
  | (Same<ConstructorParameters<T>, ConstructorParameters<U>> extends true ? never : "constructor");
type Class = abstract new (...args: never[]) => unknown;

/** The names of the models that are not the same, of pairs. */
export type DifferentModels<Pairs> = { [N in keyof Pairs]: Pairs[N] extends [infer A, infer B] ? (SameModel<A, B> extends true ? never : N) : N }[keyof Pairs];
type SameModel<A, B> = [Unshared<keyof A, keyof B> | DifferentFields<A, B>] extends [never] ? Same<A, B> : false;
type DifferentFields<A, B> = { [K in keyof A & keyof B]: Same<A[K], B[K]> extends true ? never : K }[keyof A & keyof B];

/** The enumerations that are not the same, or that we have not. */
export type DifferentEnums<Ours, Theirs> = {
  [N in keyof Theirs]: Theirs[N] extends { [name: string]: string }
    ? N extends keyof Ours
      ? SameEnum<Ours[N], Theirs[N]> extends true ? never : N
      : N
    : never;
}[keyof Theirs];
type SameEnum<A, B> = Same<keyof A, keyof B> extends true ? Same<A[keyof A], B[keyof B]> : false;

/** The classes whose instances have a client: they are services. */
export type Services<M> = { [N in keyof M as M[N] extends abstract new (client: never) => { client: unknown } ? N : never]: InstanceOf<M[N]> };
type InstanceOf<C> = C extends abstract new (client: never) => infer I ? I : never;

/**
 * What is not the same in the services of two modules, such as
 * "Account.getToken": methods that only one has, or that take or give something
 * else. A service that we have not is there by its name.
 */
export type DifferentServices<Ours, Theirs> = InServices<Services<Ours>, Services<Theirs>>;
type InServices<Ours, Theirs> = {
  [N in keyof Ours | keyof Theirs]: N extends keyof Ours & keyof Theirs
    ? `${N & string}.${InService<Omit<Ours[N], "client">, Omit<Theirs[N], "client">> & string}`
    : N;
}[keyof Ours | keyof Theirs];
type InService<A, B> = Unshared<keyof A, keyof B> | { [M in keyof A & keyof B]: SameMethod<A[M], B[M]> extends true ? never : M }[keyof A & keyof B];

// The two call shapes of a method, the object's and the older one's.
type Shapes<F> = F extends { (...object: infer A): infer R; (...positions: infer B): infer S } ? [A, NotAny<R>, B, NotAny<S>] : never;
type Takes<G> = G extends (...all: infer A) => unknown ? A["length" & keyof A] : never;

/** A method that takes nothing may take options of ours. */
export type SameMethod<F, G> = G extends () => infer R
  ? F extends () => infer Q ? (Takes<G> extends 0 ? Same<Q, R> : Same<Shapes<F>, Shapes<G>>) : false
  : Same<Shapes<F>, Shapes<G>>;

/** The names of the members of two types that are not the same. */
export type DifferentMembers<A, B> = Unshared<keyof A, keyof B> | { [N in keyof A & keyof B]: Same<Described<A[N]>, Described<B[N]>> extends true ? never : N }[keyof A & keyof B];

/** The setters of a client that we have not, that take something else, or that do not give back the client. */
export type DifferentSetters<Ours, Theirs> = {
  [N in keyof Theirs & Setter]: N extends keyof Ours ? (SameSetter<Ours[N], Theirs[N], Ours> extends true ? never : N) : N;
}[keyof Theirs & Setter];
type Setter = `set${string}` | "addHeader";
type SameSetter<F, G, Client> = F extends (...args: infer P) => infer R
  ? G extends (...args: infer Q) => unknown ? ([R] extends [Client] ? Same<P, Q> : false) : false
  : false;
