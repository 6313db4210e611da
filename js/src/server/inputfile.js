import { invalidParameter } from "../shared/exception.js";
import { given } from "../shared/members.js";
import { named } from "../shared/named.js";

/**
 * Makes the class InputFile, by which servers give files to upload. `openFile` of
 * the platform opens a file by its path; platforms without files have none.
 */
export function defineInputFile(platform) {
  return named("InputFile", class InputFile {
    /** `source` has size(), slice(start, end) and perhaps inOrder. The class's own functions make it. */
    constructor(source, filename) {
      this.source = source;
      this.filename = filename;
    }

    /** Of a Buffer, another view, an ArrayBuffer, a text or a Blob. */
    static fromBuffer(parts, name) {
      return new InputFile(inMemory(parts), name);
    }

    static fromPlainText(content, name) {
      return new InputFile(inMemory(String(content)), name);
    }

    /** Of a file, which is read chunk by chunk. Its name is the path's last part unless another is given. */
    static fromPath(path, name) {
      if (!platform.openFile) throw invalidParameter("InputFile.fromPath() is for platforms that have files: use InputFile.fromBuffer()");
      return new InputFile(inFile(platform, path), name ?? (String(path).split(/[\\/]/).findLast(Boolean) ?? "file"));
    }

    /**
     * Of a ReadableStream or a stream of Node's, which is read once, in order. `size` is how
     * many bytes it gives: each chunk has to say that.
     */
    static fromStream(stream, name, size) {
      if (!Number.isSafeInteger(size) || size < 0) throw invalidParameter("size must be the number of bytes that the stream gives");
      return new InputFile(inStream(stream, size), name);
    }

    /** Whether slices can only be read one after another. */
    get inOrder() {
      return this.source.inOrder === true;
    }

    async size() {
      return this.source.size();
    }

    /** The bytes from `start` to before `end`. */
    async slice(start, end) {
      return this.source.slice(start, end);
    }

    /** Lets go of a stream, which is then neither read on nor left open. */
    close() {
      this.source.close?.();
    }

    async toFile() {
      return new File([await this.toUint8Array()], this.filename);
    }

    async toUint8Array() {
      return this.slice(0, await this.size());
    }
  });
}

/** What bytes in memory are uploaded as; nothing of what is none. Streams are refused: they do not say their size. */
export function asInputFile(value) {
  const isBytes = ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === "[object ArrayBuffer]";
  if (isBytes) return { ...inMemory(value), filename: "file", toFile: () => new File([value], "file") };
  const isStream = ["getReader", "pipe"].some((name) => typeof given(Object(value), name) === "function");
  if (isStream) throw invalidParameter("file is a stream, which does not say its size: give InputFile.fromStream(stream, name, size)");
}

function inMemory(parts) {
  if (typeof parts?.slice === "function" && typeof parts.arrayBuffer === "function" && !ArrayBuffer.isView(parts)) {
    return { size: () => parts.size, slice: async (start, end) => new Uint8Array(await parts.slice(start, end).arrayBuffer()) };
  }
  const bytes = bytesOf(parts);
  return { size: () => bytes.length, slice: (start, end) => bytes.subarray(start, end) };
}

function bytesOf(parts) {
  if (typeof parts === "string") return new TextEncoder().encode(parts);
  if (ArrayBuffer.isView(parts)) return new Uint8Array(parts.buffer, parts.byteOffset, parts.byteLength);
  if (Object.prototype.toString.call(parts) === "[object ArrayBuffer]") return new Uint8Array(parts);
  throw invalidParameter("InputFile.fromBuffer() takes a Buffer, an ArrayBuffer, a text or a Blob");
}

// Opened for each slice, so that nothing stays open when an upload is given up.
function inFile({ openFile }, path) {
  const within = async (use) => {
    const file = await openFile(path);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  };
  return {
    size: () => within(async (file) => (await file.stat()).size),
    slice: (start, end) =>
      within(async (file) => {
        const bytes = new Uint8Array(end - start);
        let read = 0;
        while (read < bytes.length) {
          const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read);
          if (bytesRead === 0) throw invalidParameter(`${path} ended after ${start + read} bytes: it has become shorter while it was uploaded`);
          read += bytesRead;
        }
        return bytes;
      }),
  };
}

function inStream(stream, size) {
  const parts = partsOf(stream);
  let position = 0;
  let rest = new Uint8Array(0);
  let closed = false;
  let last; // what was read last, which may have to be sent again
  // The next bytes, at most `most` of them; none at the end.
  const next = async (most) => {
    while (rest.length === 0) {
      const { done, value } = await parts.next();
      if (done) return rest;
      rest = bytesOf(value);
    }
    const taken = rest.subarray(0, most);
    rest = rest.subarray(taken.length);
    position += taken.length;
    return taken;
  };
  // What was sent before, when an upload goes on, is read and passed over.
  const read = async (start, end) => {
    if (closed || start < position) throw invalidParameter("a stream is read once: give a new one, from its beginning, to go on with the upload");
    const bytes = new Uint8Array(end - start);
    while (position < end) {
      const at = position;
      const taken = await next((at < start ? start : end) - at);
      if (taken.length === 0) throw invalidParameter(`the stream ended after ${position} bytes, and its size was given as ${size}`);
      if (at >= start) bytes.set(taken, at - start);
    }
    if (end === size && (await next(1)).length > 0) throw invalidParameter(`the stream goes on after the ${size} bytes that were given as its size`);
    return bytes;
  };
  return {
    inOrder: true,
    size: () => size,
    slice: async (start, end) => {
      if (last?.start !== start || last.bytes.length !== end - start) {
        last = undefined;
        last = { start, bytes: await read(start, end) };
      }
      return last.bytes;
    },
    close: () => {
      closed = true;
      parts.close();
    },
  };
}

function partsOf(stream) {
  if (typeof stream?.getReader === "function") {
    const reader = stream.getReader();
    return { next: () => reader.read(), close: () => unheard(() => reader.cancel()) };
  }
  if (typeof stream?.[Symbol.asyncIterator] !== "function") throw invalidParameter("InputFile.fromStream() takes a ReadableStream, a stream of Node's, or another async iterable of bytes");
  const iterator = stream[Symbol.asyncIterator]();
  const close = () => (typeof stream.destroy === "function" ? stream.destroy() : iterator.return?.());
  return { next: () => iterator.next(), close: () => unheard(close) };
}

// Does what nobody waits for: a stream that stalls may end only later, and its upload has ended.
async function unheard(act) {
  try {
    await act();
  } catch {
    // It has failed before, which the upload told.
  }
}
