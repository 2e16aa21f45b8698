import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ephemeral range, so that no client's own port gets in the way while a process is down. */
const [FROM, TO] = [10_000, 19_900];

/** The first of `count` ports in a row that are free now. */
export async function portsInARow(count: number): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const first = randomInt(FROM, TO);
    const free = await Promise.all(Array.from({ length: count }, (_, n) => isFree(first + n)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row between ${FROM} and ${TO}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
