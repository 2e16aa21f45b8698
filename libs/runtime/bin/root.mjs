import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that this file belongs to. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** What is being done, for the person who waits. Standard output belongs to the command. */
export function say(message) {
  process.stderr.write(`larum: ${message}\n`);
}
