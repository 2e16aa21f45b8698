import { BlueskyCrowd } from './bluesky/repo/crowd.js';
import { Feed } from './bluesky/repo/feed.js';
import { Repos } from './bluesky/repo/repos.js';
import { BLUESKY_SETTINGS, BlueskyServer } from './bluesky/routes.js';
import { Sessions } from './bluesky/sessions.js';
import { controlRoutes } from './desk/control.js';
import { pageRoutes } from './desk/page.js';
import { holdFolder } from './hold-folder.js';
import { HttpDoor } from './http/http-door.js';
import { MailServer } from './mail/mail-server.js';
import { Mailboxes } from './mail/mailboxes.js';
import { returnMail } from './mail/returned/bounce.js';
import { sendBack } from './mail/returned/send-back.js';
import { MASTODON_SETTINGS, MastodonServer } from './mastodon/routes.js';
import { MastodonCrowd } from './mastodon/statuses/crowd.js';
import { Posts } from './mastodon/statuses/posts.js';
import type { BounceTo, PracticeWorldOptions } from './options.js';
import { PRACTICE_ACCOUNTS, type PracticeAccount } from './platform/account.js';
import { Faults } from './platform/faults.js';
import { Owing } from './platform/owing.js';
import { reachable } from './platform/reachable.js';
import type { World } from './platform/world.js';
import { Crowd } from './public/crowd.js';
import { ORDINARY_POPULATION, SeededPublic } from './public/seeded-public.js';
import type { Counts } from './record/arrival-index.js';
import type { Arrival, Channel, OwedFact } from './record/facts.js';
import { WorldRecord } from './record/world-record.js';
import { SMSC_SETTINGS, Smsc } from './sms/smsc.js';

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
    const crowd = new Crowd(people, { spanMs: reactionsMs, now });
    const posts = new Posts(world);
    const repos = new Repos(world);
    const smsc = new Smsc(world, people, { ...SMSC_SETTINGS, ...options.sms });
    const bounces = options.bounceTo && bouncesTo(world, options.bounceTo);
    const mailboxes = new Mailboxes(world, people, { bounces, afterMs: options.bounceAfterMs ?? 500 });
    const mail = new MailServer(world, mailboxes);
    const replaying = [posts, repos, smsc, mailboxes, ...(bounces ? [bounces] : [])];
    const owed = () => ({
      sms: smsc.state().owed,
      incompleteTexts: smsc.state().incomplete,
      email: bounces?.count ?? 0,
    });
    const door = new HttpDoor([
      ...controlRoutes(world, owed),
      ...pageRoutes(record),
      ...mastodonOf(options, world, posts, new MastodonCrowd(posts, crowd)).routes(),
      ...blueskyOf(options, world, repos, new BlueskyCrowd(repos, crowd)).routes(),
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

function mastodonOf(options: PracticeWorldOptions, world: World, posts: Posts, crowd: MastodonCrowd) {
  const parts = { posts, crowd, accounts: accountsOf(options, 'mastodon') };
  return new MastodonServer(world, parts, { ...MASTODON_SETTINGS, ...options.mastodon });
}

function blueskyOf(options: PracticeWorldOptions, world: World, repos: Repos, crowd: BlueskyCrowd) {
  const settings = { ...BLUESKY_SETTINGS, ...options.bluesky };
  const accounts = accountsOf(options, 'bluesky');
  const sessions = new Sessions(options.seed, accounts, world.now, settings.accessMs);
  return new BlueskyServer(world, { repos, feed: new Feed(repos, crowd), sessions }, settings);
}

function accountsOf({ accounts = PRACTICE_ACCOUNTS }: PracticeWorldOptions, on: PracticeAccount['platform']) {
  return accounts.filter(({ platform }) => platform === on);
}
