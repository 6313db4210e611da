// A reporter for Node's test runner: prints, after all tests, the table of the
// rows that they told by t.diagnostic() as
//
//   row: <runtime> <version> passed <n> failed <m>
//   row: <runtime> not tested: <why>

const TESTED = /^row: (.+) (\S+) passed (\d+) failed (\d+)$/;
const NOT_TESTED = /^row: (.+?) not tested: (.+)$/;
const HEAD = ["runtime", "version", "passed", "failed"];

export default async function* table(source) {
  const rows = [];
  for await (const { type, data } of source) {
    const row = type === "test:diagnostic" && rowOf(data.message);
    if (row) rows.push(row);
  }
  if (rows.length > 0) yield `\n${format([HEAD, ...rows])}\n`;
}

function rowOf(message) {
  const [, ...tested] = TESTED.exec(message) ?? [];
  if (tested.length > 0) return tested;
  const [, runtime, why] = NOT_TESTED.exec(message) ?? [];
  return runtime && [runtime, "", "", `not tested: ${why}`];
}

function format(rows) {
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => (row[i].startsWith("not tested") ? 0 : row[i].length))));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd()}`).join("\n");
}
