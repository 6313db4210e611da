// What the minified bundles call by one letter instead of the whole name.
const { assign, defineProperty, entries, freeze, fromEntries, keys } = Object;
const { isArray } = Array;

export {
  assign as "Object.assign", defineProperty as "Object.defineProperty", entries as "Object.entries", freeze as "Object.freeze",
  fromEntries as "Object.fromEntries", keys as "Object.keys", isArray as "Array.isArray",
};
