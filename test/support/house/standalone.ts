import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess } from './app-process.js';
import type { Person, RunningHouse } from './form.js';
import { portsInARow } from './ports.js';

/** What a house of tests may be told. */
export type HouseOptions = {
  recipients?: number;
  seed?: string;
  env?: Record<string, string>;
  /** Standalone: the practice world is a process of its own, and outlives a kill. */
  ownPractice?: boolean;
};

/** The house as `npm start` runs it: one process, its own database and stream, no exercise played. */
export async function standaloneHouse({
  recipients = 60,
  seed = 'llanrwst',
  env = {},
  ownPractice = false,
}: HouseOptions = {}): Promise<RunningHouse & { dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'larum-house-'));
  chmodSync(dataDir, 0o755); // else root's database would lie elsewhere, and stay there
  const port = await portsInARow(5);
  const url = `http://127.0.0.1:${port}`;
  const practice = ownPractice ? practiceProcess(dataDir, seed, port) : undefined;
  const process = new AppProcess({
    app: 'standalone',
    url,
    logFile: join(dataDir, 'terminal.log'),
    env: {
      PORT: String(port),
      DATA_DIR: dataDir,
      PLAY_EXERCISE: 'no',
      PRACTICE_SEED: seed,
      PRACTICE_RECIPIENTS: String(recipients),
      REACTIONS_MS: '1500',
      ...(practice === undefined ? {} : { PRACTICE_URL: practice.start.url }),
      ...env,
    },
  });
  await practice?.up();
  await process.up();
  // Written last: the lists hold their people by then.
  for (let looks = 0; !existsSync(join(dataDir, 'run.json')) && looks < 2_000; looks += 1) await sleep(50);
  const read = <T>(file: string) => JSON.parse(readFileSync(join(dataDir, file), 'utf8')) as T;
  const held = read<{ roles: Person[]; token: string }[]>('tokens.json');
  const tokenOf = (role: Person) => held.find(({ roles }) => roles.includes(role))?.token ?? '';
  return {
    form: 'standalone',
    dataDir,
    urls: { command: url, log: url, gateway: url, email: url, practice: `http://127.0.0.1:${port + 1}` },
    tokens: {
      author: tokenOf('author'),
      approver: tokenOf('approver'),
      communications: tokenOf('communications'),
      partner: tokenOf('partner'),
      reviewer: tokenOf('reviewer'),
    },
    processes: new Map([['standalone', process]]),
    databaseUrl: () => read<{ databaseUrl: string }>('run.json').databaseUrl,
    stop: async () => {
      await process.stop('SIGINT');
      await practice?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The practice world on the ports that the standalone would give it, in a folder of its own. */
function practiceProcess(dataDir: string, seed: string, port: number): AppProcess {
  return new AppProcess({
    app: 'practice-world',
    url: `http://127.0.0.1:${port + 1}`,
    logFile: join(dataDir, 'practice-world.log'),
    env: {
      MODE: 'exercise',
      PORT: String(port + 1),
      SMTP_PORT: String(port + 2),
      SMPP_PORT: String(port + 3),
      BOUNCE_HOST: '127.0.0.1',
      BOUNCE_PORT: String(port + 4),
      DATA_DIR: join(dataDir, 'practice-apart'),
      PRACTICE_SEED: seed,
      REACTIONS_MS: '1500',
    },
  });
}
