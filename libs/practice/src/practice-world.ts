import { BLUESKY_SETTINGS, BlueskyServer, type BlueskySettings } from './bluesky/routes.js';
import { Repos } from './bluesky/repos.js';
import { Sessions } from './bluesky/sessions.js';
import { PRACTICE_ACCOUNTS, type PracticeAccount } from './platform/account.js';
import { Faults } from './platform/faults.js';
import { HttpDoor } from './platform/http-door.js';
import { Posts } from './mastodon/posts.js';
import { MASTODON_SETTINGS, MastodonServer, type MastodonSettings } from './mastodon/routes.js';
import { ORDINARY_POPULATION, SeededPublic, type Population } from './public/seeded-public.js';
import { WorldRecord } from './record/world-record.js';
import type { World } from './platform/world.js';

export type PracticeWorldOptions = {
  /** A folder of its own; made when missing. What lies there is remembered. */
  dataDir: string;
  /** The public's seed: the same seed, the same figures. */
  seed: string;
  /** Where the doors open. Loopback unless a private network of containers needs otherwise. */
  host?: string;
  /** 0 or missing: a free port. */
  ports?: { http?: number; smtp?: number; smpp?: number };
  /** In how many milliseconds the public has reacted to a post. */
  reactionsMs?: number;
  population?: Partial<Population>;
  accounts?: readonly PracticeAccount[];
  mastodon?: Partial<MastodonSettings>;
  bluesky?: Partial<BlueskySettings>;
  now?: () => number;
};

/** The practice world: a Mastodon server behind one HTTP door, with one memory and one public. */
export class PracticeWorld {
  private constructor(
    private readonly record: WorldRecord,
    readonly faults: Faults,
    private readonly door: HttpDoor,
    readonly urls: { http: string },
  ) {}

  static async open(options: PracticeWorldOptions): Promise<PracticeWorld> {
    const { dataDir, seed, host = '127.0.0.1', ports = {}, now = Date.now, reactionsMs = 20_000 } = options;
    const record = await WorldRecord.open(dataDir);
    const world: World = { record, faults: new Faults(), now };
    const people = new SeededPublic(seed, { ...ORDINARY_POPULATION, ...options.population });
    const posts = new Posts(world, people, reactionsMs);
    const repos = new Repos(world, people, reactionsMs);
    await record.recall((fact) => [posts, repos].forEach((part) => part.replay(fact)));
    const accounts = options.accounts ?? PRACTICE_ACCOUNTS;
    const mastodonAccounts = accounts.filter(({ platform }) => platform === 'mastodon');
    const mastodon = new MastodonServer(world, mastodonAccounts, posts, {
      ...MASTODON_SETTINGS,
      ...options.mastodon,
    });
    const blueskyAccounts = accounts.filter(({ platform }) => platform === 'bluesky');
    const settings = { ...BLUESKY_SETTINGS, ...options.bluesky };
    const sessions = new Sessions(seed, blueskyAccounts, now, settings.accessMs);
    const bluesky = new BlueskyServer(world, repos, sessions, settings);
    const door = new HttpDoor([...mastodon.routes(), ...bluesky.routes()]);
    const port = await door.listen(host, ports.http ?? 0);
    return new PracticeWorld(record, world.faults, door, { http: `http://${host}:${port}` });
  }

  async close(): Promise<void> {
    await this.door.close();
    await this.record.close();
  }
}
