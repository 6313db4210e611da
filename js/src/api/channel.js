import { named } from "../shared/named.js";

/**
 * Names what Realtime tells of, from the outside in, as in
 * `Channel.bucket("photos").file().create()`: without an id, all of a kind.
 * index.d.ts says which names may follow which.
 */
export const Channel = /* @__PURE__ */ named("Channel", class Channel {
  constructor(segments) {
    this.segments = segments;
  }

  toString() {
    return this.segments.join(".");
  }

  collection(id) {
    return within(this, "collections", id);
  }

  document(id) {
    return within(this, "documents", id);
  }

  table(id) {
    return within(this, "tables", id);
  }

  row(id) {
    return within(this, "rows", id);
  }

  file(id) {
    return within(this, "files", id);
  }

  create() {
    return longer(this, "create");
  }

  upsert() {
    return longer(this, "upsert");
  }

  update() {
    return longer(this, "update");
  }

  delete() {
    return longer(this, "delete");
  }

  static database(id) {
    return of("databases", id);
  }

  static tablesdb(id) {
    return of("tablesdb", id);
  }

  static bucket(id) {
    return of("buckets", id);
  }

  static function(id) {
    return of("functions", id);
  }

  static execution(id) {
    return of("executions", id);
  }

  static team(id) {
    return of("teams", id);
  }

  static membership(id) {
    return of("memberships", id);
  }

  static presence(id) {
    return of("presences", id);
  }

  static account() {
    return "account";
  }

  static documents() {
    return "documents";
  }

  static rows() {
    return "rows";
  }

  static files() {
    return "files";
  }

  static executions() {
    return "executions";
  }

  static teams() {
    return "teams";
  }

  static memberships() {
    return "memberships";
  }

  static presences() {
    return "presences";
  }
});

const of = (kind, id) => new Channel([kind, segment(id)]);
const longer = (channel, ...more) => new Channel([...channel.segments, ...more]);
const within = (channel, kind, id) => (id === undefined ? longer(channel, kind) : longer(channel, kind, segment(id)));

// An id without the spaces around it. That there must be one is said in the
// official package's words, which programs may look for.
function segment(id) {
  const text = String(id ?? "").trim();
  if (text === "") throw new Error("Channel ID is required");
  return text;
}
