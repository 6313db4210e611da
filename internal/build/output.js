// Gives Go's runtime what it needs of a file system: somewhere to print. In the
// place of the one that wasm_exec.js brings along, of which the browser program
// uses nothing else.
function printTo(scope) {
  const decoder = new scope.TextDecoder();
  let rest = "";
  const writeSync = (fd, bytes) => {
    const lines = (rest + decoder.decode(bytes)).split("\n");
    rest = lines.pop();
    if (lines.length > 0) scope.console.log(lines.join("\n"));
    return bytes.length;
  };
  const constants = {}; // of which Go asks for numbers, at its start
  for (const name of "WRONLY RDWR CREAT TRUNC APPEND EXCL DIRECTORY".split(" ")) constants[`O_${name}`] = -1;
  scope.fs = { constants, writeSync, write: (fd, bytes, offset, length, position, done) => done(null, writeSync(fd, bytes)) };
}
