import { topics, allTopics, type Account, type ListChannel, type Mode } from '#contracts';
import { areaProblem, Subscribers, subscriberMigrations } from '#audience';
import { migrate, type Database, type Relay } from '#postgres';
import type { Clock, Log, Metrics } from '#runtime';
import type { EventStream } from '#stream';
import type { ListSender } from '../adapter/list-sender.js';
import { ChunkConsumer } from '../handing-out/chunk-consumer.js';
import { ChunkReports } from '../chunks/chunk-reports.js';
import { ChunkStore } from '../chunks/chunk-store.js';
import { ChunkWork } from '../delivering/chunk-work.js';
import { Arming } from '../chunks/arming.js';
import { DeliveryStore } from '../chunks/delivery-store.js';
import { DueLoop } from '../handing-out/due-loop.js';
import { Lane, WINDOW_SIZE } from '../handing-out/lane.js';
import { Leases } from '../handing-out/leases.js';
import { WindowSender } from '../delivering/window-sender.js';
import { ApprovedBefore } from '../approved/approved-before.js';
import { Gates } from '../gate/gates.js';
import { Intake, type IntakeParts } from '../gate/intake.js';
import { Shutters } from '../gate/shutters.js';
import { WarningConsumer } from '../gate/warning-consumer.js';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { FIRST_PAGE, ListPlanner } from '../planning/list-planner.js';
import { PlanLoop } from '../handing-out/plan-loop.js';
import type { OpenPlan } from '../planning/open-plan.js';
import { PlanStore } from '../planning/plan-store.js';
import { PlanWriter } from '../planning/plan-writer.js';
import { EarlierDeliveries } from '../following/earlier-deliveries.js';
import { RecordedTargets } from '../following/recorded.js';
import { AccountReports } from '../reports/account-reports.js';
import { ChannelRecord } from '../record/channel-record.js';
import { insist } from './insist.js';
import { relayChannel } from '../record/relay-channel.js';
import { Receipts, type ReceiptKind } from '../receipts/receipts.js';

/** What a process shares among its parts; `metrics`, where it has some, shows how far the relay is behind. */
export type ChannelShared = { db: Database; stream: EventStream; log: Log; clock: Clock; metrics?: Metrics };

export type ListChannelOptions = {
  mode: Mode;
  channel: ListChannel;
  /** The process and its consumer group: `channel-email`. */
  app: string;
  /** The schema that is this channel's own: `channel_email`. */
  schema: string;
  /** The one sender of the channel, with its limits. */
  account: Account;
  sender: ListSender;
  /** Which later facts this channel can know at all; the others are reported as null. */
  receipts: readonly ReceiptKind[];
  /** How long after the end of sending receipts are waited for; then what stayed without one is counted. Without it, never. */
  silentAfterMs?: number;
  /** Recipients that are armed together: at most so many are in doubt after a crash, per worker. A test may wish another. */
  windowSize?: number;
};

/** A channel that sends to a list of people: everything but the sending itself. */
export class ListChannelService {
  readonly subscribers: Subscribers;
  readonly receipts: Receipts;
  readonly accounts: AccountReports;
  readonly record: ChannelRecord;
  private readonly relay: Relay;
  private readonly before: ApprovedBefore;
  private readonly warnings: WarningConsumer;
  private readonly plans: PlanLoop;
  private readonly chunks: ChunkConsumer;
  private readonly due: readonly [urgent: DueLoop, mild: DueLoop];
  private readonly stopping = new AbortController();
  private starting: Promise<void> | undefined;
  private recounting: Promise<void> | undefined;

  /** Wires the parts together. Nothing runs before `start`. */
  constructor(
    private readonly options: ListChannelOptions,
    private readonly shared: ChannelShared,
  ) {
    const { mode, channel, app, schema, account, sender, windowSize = WINDOW_SIZE } = options;
    const { db, stream, clock, metrics } = shared;
    const log = shared.log.child({ channel });
    this.record = new ChannelRecord(db, schema, app, clock);
    this.subscribers = new Subscribers(db, schema);
    this.accounts = new AccountReports(db, this.record);
    this.receipts = new Receipts(
      db,
      this.record,
      { channel, knows: options.receipts, silentAfterMs: options.silentAfterMs },
      log,
    );
    this.relay = relayChannel({ db, schema, app, mode, log, metrics }, stream);
    const gates = new Gates(db, schema, channel);
    this.before = new ApprovedBefore({ db, stream, gates, at: { schema, mode, channel }, log });
    const shutters = new Shutters();
    const planStore = new PlanStore(db, schema);
    const earlier = new EarlierDeliveries(db, schema);
    const chunkStore = new ChunkStore(db, schema);
    const work = new ChunkWork({
      chunks: chunkStore,
      deliveries: new DeliveryStore(db, schema),
      arming: new Arming(db, schema),
      reports: new ChunkReports(db, this.record, channel),
      leases: new Leases(chunkStore, log),
      sender: new WindowSender(sender, this.subscribers, shutters, { clock, log }),
      lanes: { urgent: new Lane(), mild: new Lane() },
      windowSize,
      clock,
      log,
    });
    const recorded = new RecordedTargets(earlier, channel);
    const { record, subscribers } = this;
    const lane = (urgent: boolean): DueLoop =>
      new DueLoop(chunkStore, (key, stop) => work.run(key, stop), { urgent, sideBySide: 4 }, log);
    this.due = [lane(true), lane(false)];
    const [urgentDue, mildDue] = this.due;
    const writer = new PlanWriter({
      channel,
      account,
      store: planStore,
      subscribers,
      record,
      begin: (first, urgent) =>
        (urgent ? urgentDue : mildDue).hand(first.chunk.key, (stop) => work.goOn(first, stop)),
      log,
    });
    const plans = { gates, store: planStore, earlier, recorded, subscribers, writer, clock };
    this.plans = new PlanLoop(planStore, new ListPlanner(plans), log);
    this.chunks = new ChunkConsumer(stream, work, { mode, channel, group: app }, log);
    const wake = (): void => {
      this.plans.wake();
      for (const loop of this.due) loop.wake();
    };
    const begin = (plan: OpenPlan): Promise<void> => this.plans.hand(plan);
    const expect: IntakeParts['expect'] = ({ incidentId, warningId, content, composed }) =>
      sender.expect?.(
        composed.filter((text) => text.channel === channel),
        { mode, incidentId, warningId, severity: content.severity },
      );
    const firstIn = (geometry: unknown) => subscribers.inArea(geometry, null, FIRST_PAGE);
    const reading = { mode, channel, gates, shutters, record, areaProblem, firstIn };
    const intake = new Intake({ ...reading, begin, expect, wake, log });
    this.warnings = new WarningConsumer(stream, intake, { mode, group: app }, log);
  }

  /** Brings the schema up to date. Before `start`, and before anything reads the subscribers. */
  async migrate(): Promise<void> {
    await migrate(this.shared.db, {
      schema: this.options.schema,
      migrations: [...channelMigrations, ...subscriberMigrations],
    });
  }

  /**
   * Starts to listen, to plan and to send; resolves when this service has caught up with the warnings and may arm. Until then
   * gates are kept and nothing is sent.
   */
  async start(): Promise<void> {
    this.starting ??= this.begin();
    await this.starting;
  }

  /** A clean stop (DESIGN §5): no further recipient is written to, what is left is due at the next start. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.starting?.catch(() => {});
    await Promise.all([
      this.recounting,
      this.warnings.close(),
      this.plans.stop(),
      this.chunks.close(),
      ...this.due.map((loop) => loop.stop()),
    ]);
    await this.receipts.close();
    await this.relay.stop();
  }

  private async begin(): Promise<void> {
    const { mode, channel, account } = this.options;
    const t = topics(mode);
    const needed = new Set<string>([
      t.warnings,
      t.deliveries,
      t.channels,
      t.inbound,
      t.chunks(channel),
      t.urgentChunks(channel),
    ]);
    const { signal } = this.stopping;
    const { stream, log } = this.shared;
    this.relay.start();
    await insist(
      'its topics',
      () => stream.ensureTopics(allTopics(mode).filter(({ name }) => needed.has(name))),
      signal,
      log,
    );
    await insist('its account', () => this.accounts.report(account), signal, log);
    await insist('what was approved before', () => this.before.find(signal), signal, log);
    await insist('the warnings', () => this.warnings.start(signal), signal, log);
    await insist('its chunks', () => this.chunks.start(), signal, log);
    if (signal.aborted) return;
    this.plans.start();
    for (const loop of this.due) loop.start();
    // Nobody waits for it: it looks at the receipts of a month, and this service works without.
    this.recounting = insist('counts of receipts', () => this.receipts.tellUntold(), signal, log);
  }
}
