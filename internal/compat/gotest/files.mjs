// Node's fs, as far as a Go program needs it to read files and to write to its
// two outputs: files come from the server that the page is from.
const DIRECTORY = 0o040000;
const REGULAR = 0o100000;

/** Makes it. write(text) gets what the program prints. */
export function newFiles(write) {
  const decoder = new TextDecoder();
  const open = new Map();
  let last = 2;

  const calls = {
    async open(path) {
      const answer = await fetch("/file", { headers: { "X-Path": encodeURIComponent(path) } });
      if (!answer.ok) throw coded(answer.status === 404 ? "ENOENT" : "EACCES");
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const folder = answer.headers.get("content-type") === "application/json";
      open.set(++last, { bytes, folder, position: 0 });
      return last;
    },
    async fstat(fd) {
      return describe(open.get(fd));
    },
    async stat(path) {
      const fd = await calls.open(path);
      const described = describe(open.get(fd));
      open.delete(fd);
      return described;
    },
    async lstat(path) {
      return calls.stat(path);
    },
    async readdir(path) {
      const fd = await calls.open(path);
      const names = JSON.parse(new TextDecoder().decode(open.get(fd).bytes));
      open.delete(fd);
      return names;
    },
    async read(fd, buffer, offset, length, position) {
      const file = open.get(fd);
      const from = position ?? file.position;
      const part = file.bytes.subarray(from, from + length);
      buffer.set(part, offset);
      if (position === null) file.position += part.length;
      return part.length;
    },
    async close(fd) {
      open.delete(fd);
    },
    async write(fd, buffer, offset, length) {
      return fs.writeSync(fd, buffer.subarray(offset, offset + length));
    },
    async fsync() {},
  };

  const fs = {
    constants: { O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_TRUNC: 512, O_APPEND: 1024, O_EXCL: 128, O_DIRECTORY: 65536 },
    writeSync(fd, buffer) {
      write(decoder.decode(buffer, { stream: true }));
      return buffer.length;
    },
  };
  for (const [name, call] of Object.entries(calls)) {
    fs[name] = (...args) => {
      const callback = args.pop();
      call(...args).then((value) => callback(null, value), callback);
    };
  }
  return fs;
}

function describe({ bytes, folder }) {
  const mode = folder ? DIRECTORY | 0o755 : REGULAR | 0o644;
  const zero = { dev: 0, ino: 0, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, blocks: 0, atimeMs: 0, mtimeMs: 0, ctimeMs: 0 };
  return { ...zero, mode, size: bytes.length, isDirectory: () => folder };
}

function coded(code) {
  return Object.assign(new Error(code), { code });
}
