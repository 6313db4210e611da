// What the comparisons with the official packages are made of.

/** Whether each is assignable to the other, and `any` only where the other is. */
export type Same<A, B> = IsAny<Awaited<A>> extends IsAny<Awaited<B>> ? ([A] extends [B] ? ([B] extends [A] ? true : false) : false) : false;
export type NotAny<T> = IsAny<Awaited<T>> extends true ? "any" : T;
export type IsAny<T> = 0 extends 1 & T ? true : false;

export type None<Names> = [Names] extends [never] ? true : Names;
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
