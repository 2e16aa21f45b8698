import { Repos } from './bluesky/repos.js';
import { BLUESKY_SETTINGS, BlueskyServer, type BlueskySettings } from './bluesky/routes.js';
import { Sessions } from './bluesky/sessions.js';
import { controlRoutes } from './desk/control.js';
import { pageRoutes } from './desk/page.js';
import { holdFolder } from './hold-folder.js';
import { HttpDoor } from './http/http-door.js';
import { returnMail } from './mail/bounce.js';
import { MailServer } from './mail/mail-server.js';
import { sendBack } from './mail/send-back.js';
import { Posts } from './mastodon/posts.js';
import { MASTODON_SETTINGS, MastodonServer, type MastodonSettings } from './mastodon/routes.js';
import { PRACTICE_ACCOUNTS, type PracticeAccount } from './platform/account.js';
import { Faults } from './platform/faults.js';
import { Owing } from './platform/owing.js';
import { reachable } from './platform/reachable.js';
import type { World } from './platform/world.js';
import { ORDINARY_POPULATION, SeededPublic, type Population } from './public/seeded-public.js';
import type { Counts } from './record/arrival-index.js';
import type { Arrival, Channel, OwedFact } from './record/facts.js';
import { WorldRecord } from './record/world-record.js';
import { SMSC_SETTINGS, Smsc, type SmscSettings } from './sms/smsc.js';

/** Where bounces and notes from mailboxes go. `privateNetwork` allows RFC 1918 addresses besides this machine. */
export type BounceTo = { host: string; port: number; privateNetwork?: boolean };

export type PracticeWorldOptions = {
  /** A folder of its own; made when missing. What lies there is remembered. One world at a time. */
  dataDir: string;
  /** The public's seed: the same seed, the same figures. */
  seed: string;
  /** Where the doors open. Loopback unless a private network of containers needs otherwise. */
  host?: string;
  /** 0 or missing: a free port. */
  ports?: { http?: number; smtp?: number; smpp?: number };
  /** Missing: nothing comes back by mail. */
  bounceTo?: BounceTo;
  /** So long after a mail its bounce leaves. */
  bounceAfterMs?: number;
  /** In how many milliseconds the public has reacted to a post. */
  reactionsMs?: number;
  population?: Partial<Population>;
  accounts?: readonly PracticeAccount[];
  mastodon?: Partial<MastodonSettings>;
  bluesky?: Partial<BlueskySettings>;
  sms?: Partial<SmscSettings>;
  /** Milliseconds of the epoch; tests move it. */
  now?: () => number;
};

const BOUNCES_TOGETHER = 5;

/**
 * Everything outside: a Mastodon and a Bluesky server, a mail server, an SMSC, and a public that shares, replies,
 * bounces and texts back. One memory in one folder, written before anything is answered, so that it outlives a
 * kill -9. It opens no connection but to the receiver of bounces, and that one only on this machine.
 */
export class PracticeWorld {
  /** How to misbehave next. */
  readonly faults: Faults;
  /** The real ports. */
  ports = { http: 0, smtp: 0, smpp: 0 };
  /** Base address of the page, of both platforms and of the control. */
  url = '';

  private constructor(
    private readonly world: World,
    private readonly parts: { door: HttpDoor; mail: MailServer; smsc: Smsc; bounces: Owing | undefined },
    private readonly letGo: () => Promise<void>,
  ) {
    this.faults = world.faults;
  }

  /**
   * Opens every door, with what is remembered. Rejects when a port is taken, when another world runs on the folder
   * (`FolderTaken`), and when what lies there cannot be read.
   */
  static async open(options: PracticeWorldOptions): Promise<PracticeWorld> {
    const {
      dataDir,
      seed,
      host = '127.0.0.1',
      ports: wanted = {},
      now = Date.now,
      reactionsMs = 20_000,
    } = options;
    const letGo = await holdFolder(dataDir);
    const record = await WorldRecord.open(dataDir);
    const world: World = { record, faults: new Faults(), now };
    const people = new SeededPublic(seed, { ...ORDINARY_POPULATION, ...options.population });
    const posts = new Posts(world, people, reactionsMs);
    const repos = new Repos(world, people, reactionsMs);
    const smsc = new Smsc(world, people, { ...SMSC_SETTINGS, ...options.sms });
    const bounces = options.bounceTo && bouncesTo(world, options.bounceTo);
    const mail = new MailServer(world, people, bounces, options.bounceAfterMs ?? 500);
    const replaying = [posts, repos, smsc, mail, ...(bounces ? [bounces] : [])];
    const owed = () => ({
      sms: smsc.state().owed,
      incompleteTexts: smsc.state().incomplete,
      email: bounces?.count ?? 0,
    });
    const door = new HttpDoor([
      ...controlRoutes(world, owed),
      ...pageRoutes(record),
      ...mastodonOf(options, world, posts).routes(),
      ...blueskyOf(options, world, repos).routes(),
    ]);
    const opened = new PracticeWorld(world, { door, mail, smsc, bounces }, letGo);
    try {
      await record.recall((fact) => replaying.forEach((part) => part.replay(fact)));
      const [http, smtp, smpp] = await Promise.all([
        door.listen(host, wanted.http ?? 0),
        mail.listen(host, wanted.smtp ?? 0),
        smsc.listen(host, wanted.smpp ?? 0),
      ]);
      bounces?.start();
      opened.ports = { http, smtp, smpp };
      opened.url = `http://${host}:${http}`;
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** How much has arrived, by channel. */
  counts(): Counts {
    return this.world.record.counts();
  }

  /** Everything that has arrived from a position on, oldest first. */
  arrivals(channel?: Channel, from?: number): AsyncGenerator<Arrival> {
    return this.world.record.arrivals(channel, from);
  }

  /** Shuts every door and writes what waits. What is still owed is paid after the next opening. */
  async close(): Promise<void> {
    const { door, mail, smsc, bounces } = this.parts;
    bounces?.stop();
    await Promise.all([door.close(), mail.close(), smsc.close()]);
    await this.world.record.close();
    await this.letGo();
  }
}

function bouncesTo(world: World, { host, port, privateNetwork = false }: BounceTo): Owing {
  const pay = async (owed: OwedFact): Promise<boolean> => {
    const address = await reachable(host, privateNetwork);
    const original = owed.raw === undefined ? Buffer.alloc(0) : await world.record.readMail(owed.raw);
    return sendBack(address, port, owed.to, returnMail(owed, original, world.now()));
  };
  return new Owing(world, 'email', pay, BOUNCES_TOGETHER);
}

function mastodonOf(
  { accounts = PRACTICE_ACCOUNTS, mastodon }: PracticeWorldOptions,
  world: World,
  posts: Posts,
) {
  const own = accounts.filter(({ platform }) => platform === 'mastodon');
  return new MastodonServer(world, own, posts, { ...MASTODON_SETTINGS, ...mastodon });
}

function blueskyOf(
  { accounts = PRACTICE_ACCOUNTS, bluesky, seed }: PracticeWorldOptions,
  world: World,
  repos: Repos,
) {
  const own = accounts.filter(({ platform }) => platform === 'bluesky');
  const settings = { ...BLUESKY_SETTINGS, ...bluesky };
  return new BlueskyServer(world, repos, new Sessions(seed, own, world.now, settings.accessMs), settings);
}
