// The same declarations, for import: TypeScript tells the module kind by the extension.
export * from "./node.js";
