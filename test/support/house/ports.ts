import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ephemeral range, so that no client's own port gets in the way while a process is down. */
const [FROM, TO] = [10_000, 19_900];
/** Two workers of a run look at the same time, and a port that one has found is free until its process is up: each has its own. */
const SLICE = (TO - FROM) / 4;
const OURS = FROM + ((Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % 4) * SLICE;

/** What was found here before: its process may not be up yet, or down for a moment. */
const given = new Set<number>();

/** The first of `count` ports in a row that are free now. */
export async function portsInARow(count: number): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const first = randomInt(OURS, OURS + SLICE - count);
    const row = Array.from({ length: count }, (_, n) => first + n);
    if (row.some((port) => given.has(port))) continue;
    const free = await Promise.all(row.map(isFree));
    if (!free.every(Boolean)) continue;
    for (const port of row) given.add(port);
    return first;
  }
  throw new Error(`no ${count} free ports in a row between ${OURS} and ${OURS + SLICE}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
