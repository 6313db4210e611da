// Imported before the package, since modules are evaluated in their order.
import { observe } from "../observe.mjs";

export const watch = observe();
