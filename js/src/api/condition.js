/** How Operator.arrayFilter() compares. */
export const Condition = /* @__PURE__ */ Object.freeze({
  Equal: "equal",
  NotEqual: "notEqual",
  GreaterThan: "greaterThan",
  GreaterThanEqual: "greaterThanEqual",
  LessThan: "lessThan",
  LessThanEqual: "lessThanEqual",
  Contains: "contains",
  IsNull: "isNull",
  IsNotNull: "isNotNull",
});
