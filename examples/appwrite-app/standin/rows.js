import { idOf, json, queriesOf, route, stamps } from "./http.js";

const ROWS = "/tablesdb/{databaseId}/tables/{tableId}/rows";
const ROW = `${ROWS}/{rowId}`;

/** The rows of all tables, each of which takes any columns. */
export class Rows {
  #rows = [];
  #table = [
    ["GET", ROWS, (call) => this.list(call)],
    ["POST", ROWS, (call) => this.create(call)],
    ["GET", ROW, (call) => this.get(call)],
    ["PATCH", ROW, (call) => this.update(call)],
    ["DELETE", ROW, (call) => this.delete(call)],
  ];

  handler(method, path) {
    return route(this.#table, method, path);
  }

  list({ databaseId, tableId, url }) {
    const all = this.#rows.filter((row) => row.$databaseId === databaseId && row.$tableId === tableId);
    const rows = queriesOf(url).reduce(applied, all);
    return json(200, { total: rows.length, rows });
  }

  create({ databaseId, tableId, json: { rowId, data, permissions = [] } }) {
    const $sequence = String(this.#rows.length + 1);
    const row = { $id: idOf(rowId), $sequence, $databaseId: databaseId, $tableId: tableId, $permissions: permissions, ...stamps(), ...data };
    this.#rows.push(row);
    return json(201, row);
  }

  get(call) {
    const row = this.#find(call);
    return row ? json(200, row) : notFound();
  }

  update(call) {
    const row = this.#find(call);
    if (!row) return notFound();
    return json(200, Object.assign(row, call.json.data, { $updatedAt: stamps().$updatedAt }));
  }

  delete(call) {
    const row = this.#find(call);
    if (!row) return notFound();
    this.#rows.splice(this.#rows.indexOf(row), 1);
    return { status: 204, headers: {} };
  }

  #find({ databaseId, tableId, rowId }) {
    return this.#rows.find((row) => row.$databaseId === databaseId && row.$tableId === tableId && row.$id === rowId);
  }
}

// Queries of a few kinds.
function applied(rows, { method, attribute, values }) {
  switch (method) {
    case "equal":
      return rows.filter((row) => values.includes(row[attribute]));
    case "greaterThan":
      return rows.filter((row) => row[attribute] > values[0]);
    case "orderDesc":
      return [...rows].reverse();
    case "limit":
      return rows.slice(0, values[0]);
  }
  throw new Error(`the stand-in knows no query ${method}`);
}

function notFound() {
  return json(404, { message: "Row with the requested ID could not be found.", code: 404, type: "row_not_found" });
}
