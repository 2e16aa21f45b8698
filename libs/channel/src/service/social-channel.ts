import { allTopics, topics, type Mode } from '#contracts';
import { areaProblem } from '#audience';
import { migrate, type Relay } from '#postgres';
import type { SocialAccounts } from '../adapter/social-adapter.js';
import { ChunkStore } from '../chunks/chunk-store.js';
import { Arming } from '../chunks/arming.js';
import { DeliveryStore } from '../chunks/delivery-store.js';
import { DueLoop } from '../handing-out/due-loop.js';
import { Leases } from '../handing-out/leases.js';
import { SampleLoop } from '../engagement/sample-loop.js';
import { ApprovedBefore } from '../approved/approved-before.js';
import { Gates } from '../gate/gates.js';
import { Intake } from '../gate/intake.js';
import { Shutters } from '../gate/shutters.js';
import { WarningConsumer } from '../gate/warning-consumer.js';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { PlanLoop } from '../handing-out/plan-loop.js';
import { PlanStore } from '../planning/plan-store.js';
import { EarlierDeliveries } from '../following/earlier-deliveries.js';
import { RecordedTargets } from '../following/recorded.js';
import { SocialPlanner } from '../planning/social-planner.js';
import { PostStore } from '../posting/post-store.js';
import { PlatformSide } from '../posting/platform-side.js';
import { PostWork } from '../posting/post-work.js';
import { AccountReports } from '../reports/account-reports.js';
import { ChannelRecord } from '../record/channel-record.js';
import { relayChannel } from '../record/relay-channel.js';
import { AccountWatch } from './account-watch.js';
import { insist } from './insist.js';
import type { ChannelShared } from './list-channel.js';

export type SocialChannelOptions = {
  mode: Mode;
  /** The process and its consumer group: `channel-social`. */
  app: string;
  /** The schema that is this channel's own: `channel_social`. */
  schema: string;
  accounts: SocialAccounts;
  /** The times between one count of a post and the next, in ms; after the last it is counted no more. */
  sampleEveryMs: readonly number[];
  /** After a lost reply: when to look again. CHANNELS §E.3 says 5 s, 30 s, 2 min. */
  againAfterMs?: readonly number[];
};

const AGAIN_AFTER_MS = [5_000, 30_000, 120_000];
/** Accounts that are posted on side by side: more than an agency has, so that slow ones never hold up the rest. */
const SIDE_BY_SIDE = 64;

/** The channel of social accounts: everything but the platforms themselves. */
export class SocialChannelService {
  readonly record: ChannelRecord;
  readonly accounts: AccountReports;
  private readonly relay: Relay;
  private readonly before: ApprovedBefore;
  private readonly warnings: WarningConsumer;
  private readonly plans: PlanLoop;
  private readonly due: DueLoop;
  private readonly samples: SampleLoop;
  private readonly watch: AccountWatch;
  private readonly stopping = new AbortController();
  private starting: Promise<void> | undefined;

  /** Wires the parts together. Nothing runs before `start`. */
  constructor(
    private readonly options: SocialChannelOptions,
    private readonly shared: ChannelShared,
  ) {
    const { mode, app, schema, accounts, sampleEveryMs, againAfterMs = AGAIN_AFTER_MS } = options;
    const { db, stream, clock, metrics } = shared;
    const channel = 'social';
    const log = shared.log.child({ channel });
    const record = new ChannelRecord(db, schema, app, clock);
    this.record = record;
    this.accounts = new AccountReports(db, record);
    this.relay = relayChannel({ db, schema, app, mode, log, metrics }, stream);
    this.watch = new AccountWatch(accounts, this.accounts, log);
    const gates = new Gates(db, schema, channel);
    this.before = new ApprovedBefore({ db, stream, gates, at: { schema, mode, channel }, log });
    const shutters = new Shutters();
    const store = new PlanStore(db, schema);
    const earlier = new EarlierDeliveries(db, schema);
    const chunks = new ChunkStore(db, schema);
    const work = new PostWork({
      accounts,
      platform: new PlatformSide((account) => this.watch.capabilities(account)),
      chunks,
      deliveries: new DeliveryStore(db, schema),
      arming: new Arming(db, schema),
      posts: new PostStore(db, record),
      leases: new Leases(chunks, log),
      shutters,
      againAfterMs,
      sampleAfterMs: sampleEveryMs[0],
      clock,
      log,
    });
    this.due = new DueLoop(
      chunks,
      (key, stop) => work.run(key, stop),
      { urgent: null, sideBySide: SIDE_BY_SIDE },
      log,
    );
    const recorded = new RecordedTargets(earlier, channel);
    const wakeDue = (): void => this.due.wake();
    const platformOf = (accountId: Parameters<SocialAccounts['get']>[0]): string =>
      accounts.get(accountId)?.account.platform ?? 'unknown';
    this.plans = new PlanLoop(
      store,
      new SocialPlanner({ gates, store, earlier, recorded, record, platformOf, wake: wakeDue, log }),
      log,
    );
    const wake = (): void => {
      this.plans.wake();
      wakeDue();
    };
    const intake = new Intake({ mode, channel, gates, shutters, record, areaProblem, wake, log });
    this.warnings = new WarningConsumer(stream, intake, { mode, group: app }, log);
    this.samples = new SampleLoop(db, record, accounts, { everyMs: sampleEveryMs.slice(1), log });
  }

  /** Brings the schema up to date. */
  async migrate(): Promise<void> {
    await migrate(this.shared.db, { schema: this.options.schema, migrations: [...channelMigrations] });
  }

  /** Starts to listen and to post; resolves when this service has caught up with the warnings and may arm. */
  async start(): Promise<void> {
    this.starting ??= this.begin();
    await this.starting;
  }

  /** A clean stop (DESIGN §5): no further post is begun, what is left is due at the next start. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.starting?.catch(() => {});
    await Promise.all([
      this.warnings.close(),
      this.plans.stop(),
      this.due.stop(),
      this.samples.stop(),
      this.watch.stop(),
    ]);
    await this.relay.stop();
  }

  private async begin(): Promise<void> {
    const { mode } = this.options;
    const t = topics(mode);
    const needed = new Set<string>([t.warnings, t.deliveries, t.engagement, t.channels, t.inbound]);
    const { signal } = this.stopping;
    const { stream, log } = this.shared;
    this.relay.start();
    this.watch.start();
    await insist(
      'its topics',
      () => stream.ensureTopics(allTopics(mode).filter(({ name }) => needed.has(name))),
      signal,
      log,
    );
    await insist('what was approved before', () => this.before.find(signal), signal, log);
    await insist('the warnings', () => this.warnings.start(signal), signal, log);
    if (signal.aborted) return;
    this.plans.start();
    this.due.start();
    this.samples.start();
  }
}
