import { join } from 'node:path';
import type { PracticeWorld } from '#practice';
import type { Config } from '../config.js';

/**
 * Opens the practice world on the next ports. The module is loaded here and only in an exercise: a live process has no
 * practice code in it at all (DESIGN §5).
 */
export async function openPractice(
  { PORT, HOST, PRACTICE_SEED, REACTIONS_MS }: Config,
  dataDir: string,
): Promise<PracticeWorld> {
  const { PracticeWorld: World } = await import('#practice');
  return World.open({
    dataDir: join(dataDir, 'practice-world'),
    seed: PRACTICE_SEED,
    host: HOST,
    ports: { http: PORT + 1, smtp: PORT + 2, smpp: PORT + 3 },
    bounceTo: { host: '127.0.0.1', port: PORT + 4 },
    reactionsMs: REACTIONS_MS,
  });
}
