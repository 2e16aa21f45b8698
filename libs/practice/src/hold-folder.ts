import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another practice world writes into this folder. Stop it, or name another folder. */
export class FolderTaken extends Error {
  override readonly name = 'FolderTaken';
  readonly forOperator = true;

  constructor(folder: string) {
    super(`another practice world is running on ${folder}: stop it, or give this one a folder of its own`);
  }
}

/**
 * Holds a folder for this process until it is let go or ends, however it ends: the hold is a listening socket, which
 * the operating system closes for a killed process. Makes the folder when it is missing. Throws `FolderTaken`.
 */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const address = socketFor(await realpath(folder));
  const server = await listening(address).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    if (await answers(address)) throw new FolderTaken(folder);
    await rm(address, { force: true }); // left by a killed process: nobody listens
    return listening(address);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** The name of a socket may be no longer than 103 characters (`sun_path` of macOS; Linux takes a few more). */
const LONGEST_SOCKET_NAME = 103;

function socketFor(folder: string): string {
  const inside = join(folder, 'held.sock');
  if (process.platform !== 'win32' && inside.length <= LONGEST_SOCKET_NAME) return inside;
  const name = `larum-practice-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function listening(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(address, () => resolve(server));
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
