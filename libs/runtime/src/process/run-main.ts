import { types } from 'node:util';

/**
 * An error that only an operator can mend, and whose message says how: a wrong setting, a database that does not answer, a folder
 * in use. Nothing is wrong with the program, so its stack would only hide the sentence.
 */
export type ForOperator = Error & { readonly forOperator: true };

/**
 * Runs a process's `main`. When it fails, the reason goes to standard error and the process ends with code 1: one sentence that says
 * what to do where an operator can mend it, and the whole stack where it is a fault of ours.
 */
export async function runMain(
  main: () => Promise<void>,
  say: (words: unknown) => void = console.error,
): Promise<void> {
  try {
    await main();
  } catch (error) {
    say(operatorSentence(error) ?? error);
    process.exit(1);
  }
}

/** What an operator can do about an error at the start, else undefined: then it is a fault of ours. */
export function operatorSentence(error: unknown): string | undefined {
  if (!types.isNativeError(error)) return undefined;
  if ('forOperator' in error && error.forOperator === true) return error.message;
  const { code, syscall, path, port, address, hostname } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
    hostname?: string;
  };
  if (code === undefined) return undefined;
  if (syscall === 'getaddrinfo')
    return `no address is known for ${hostname}: correct the setting that names it, such as HOST`;
  if (syscall === 'listen') return LISTENING[code]?.({ port: String(port), address: String(address) });
  const why = FILES[code];
  return why === undefined || path === undefined
    ? undefined
    : `${path} cannot be used, because ${why}: mend that, or name another folder`;
}

/** Why nobody can listen there (listen(2), bind(2)). */
const LISTENING: Readonly<Record<string, (at: { port: string; address: string }) => string>> = {
  EADDRINUSE: ({ port, address }) =>
    `port ${port} of ${address} is taken by another program: stop that one, or choose another port`,
  EACCES: ({ port, address }) =>
    `port ${port} of ${address} is not for this user to listen on: choose a port above 1023`,
  EADDRNOTAVAIL: ({ address }) => `${address} is not an address of this machine: correct HOST`,
};

/** Why a file or folder cannot be read or written (open(2), mkdir(2)). */
const FILES: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write or read there',
  EPERM: 'this user may not write or read there',
  EROFS: 'the disk takes no writing',
  ENOSPC: 'the disk is full',
  EDQUOT: 'this user’s share of the disk is full',
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of it is a file and not a folder',
  EEXIST: 'it is a file and not a folder',
  EISDIR: 'it is a folder and not a file',
};
