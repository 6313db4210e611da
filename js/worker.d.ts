/**
 * A whole program, for a worker: nothing is imported of it. What a bundler makes
 * of the import, the file's address, is for `init({ worker: true, workerURL })`.
 */
declare const url: string;
export = url;
