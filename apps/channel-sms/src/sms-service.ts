import { ListChannelService, type ChannelShared } from '#channel';
import type { Account, Mode } from '#contracts';
import { migrate } from '#postgres';
import { ConfigurationWrong, type HealthRegistry, type Log, type Metrics } from '#runtime';
import type { SmsConfig } from './config.js';
import { GatewayHealth } from './gateway/gateway-health.js';
import { SmsGateway } from './gateway/sms-gateway.js';
import { smsMigrations } from './migrations/sms.migration.js';
import { isReceipt, plainId, readReceipt, type DeliveryReceipt } from './receipts/delivery-receipt.js';
import { Gathered } from './receipts/gathered.js';
import { ReceiptBook } from './receipts/receipt-book.js';
import { readIncoming } from './replies/incoming-text.js';
import { LongTexts } from './replies/long-texts.js';
import { Replies } from './replies/replies.js';
import { MessageReferences } from './sending/message-references.js';
import { SmsSender } from './sending/sms-sender.js';
import { SubmittedParts } from './sending/submitted-parts.js';
import type { PduOf } from './smpp/protocol.js';

/** What this app shares with the others of a standalone, and has for itself when distributed. */
export type ChannelSmsParts = ChannelShared & { mode: Mode; health: HealthRegistry; metrics: Metrics };

const SCHEMA = 'channel_sms';
/** Replies in flight get this long at a stop (DESIGN §5). */
const DRAIN_MS = 1_500;
/** A part that did not get its turn within this goes back to the loop, which looks at the gate again. */
const TURN_MS = 15_000;
const TIDY_EVERY_MS = 10_000;
/** Gateways may know a text's end three days late (CHANNELS §G.2); whoever was silent for so long is looked for now and then. */
const SILENT_AFTER_MS = 72 * 3_600_000;
const LOOK_FOR_SILENT_EVERY_MS = 600_000;
const HEALTH = { brokenAfterMs: 10_000, steadyMs: 10_000 };
const RECONNECT = { reconnectFirstMs: 250, reconnectMostMs: 15_000 };

/** The SMS channel: the loop of `#channel`, our gateway under it, and what comes back. */
export class SmsService {
  readonly channel: ListChannelService;
  readonly gateway: SmsGateway;
  private readonly book: ReceiptBook;
  private readonly replies: Replies;
  private readonly gathered: Gathered<DeliveryReceipt>;
  private readonly log: Log;
  private tidying: NodeJS.Timeout | undefined;
  private lookedForSilent = -Infinity;
  private readonly gatewayHealth = new GatewayHealth(HEALTH, (...news) => void this.tell(...news));
  private caughtUp = false;
  private closing: Promise<void> | undefined;

  /** Wires the parts together. Throws when the login is for the other world: an exercise never leaves by a live one. */
  constructor(
    private readonly config: SmsConfig,
    private readonly parts: ChannelSmsParts,
  ) {
    const { mode, db, clock, health, metrics } = parts;
    if (config.SMPP_LOGIN_MODE !== mode) {
      throw new ConfigurationWrong([
        {
          key: 'SMPP_LOGIN_MODE',
          message: `the SMS login is for ${config.SMPP_LOGIN_MODE}, this process works in ${mode}`,
        },
      ]);
    }
    this.log = parts.log.child({ app: 'channel-sms' });
    this.gateway = this.openGateway();
    const references = new MessageReferences(db, SCHEMA);
    const submitted = new SubmittedParts(db, { schema: SCHEMA, smsc: config.SMPP_NAME }, () =>
      this.book.match(),
    );
    const sender = new SmsSender(this.gateway, references, submitted, {
      alphabet: config.SMPP_ALPHABET,
      joining: config.SMPP_JOINING,
      sender: config.SMS_SENDER,
      ...(config.SMPP_SENDER_TYPE === undefined ? {} : { from: config.SMPP_SENDER_TYPE }),
      mostParts: config.SMS_MOST_PARTS,
      turnMs: TURN_MS,
      plainId: (id) => plainId(id, config.SMPP_ANSWER_IDS),
    });
    this.channel = new ListChannelService(
      {
        mode,
        channel: 'sms',
        app: 'channel-sms',
        schema: SCHEMA,
        account: accountOf(config),
        sender,
        receipts: ['delivered', 'undelivered'],
        silentAfterMs: SILENT_AFTER_MS,
      },
      parts,
    );
    const on = { clock, log: this.log };
    this.book = new ReceiptBook(db, { schema: SCHEMA, smsc: config.SMPP_NAME }, this.channel.receipts, on);
    this.gathered = new Gathered((receipts) => this.book.keep(receipts));
    const { subscribers, record } = this.channel;
    const accountId = config.SMS_ACCOUNT_ID;
    this.replies = new Replies({
      db,
      record,
      subscribers,
      long: new LongTexts(db, SCHEMA),
      accountId,
      log: this.log,
    });
    health.add('channel-sms', () => {
      if (!this.caughtUp) throw new Error('has not caught up with the warnings yet');
    });
    metrics.gauge('larum_sms_links', 'Sessions bound to the SMS gateway', [], () => this.gateway.boundLinks);
    metrics.gauge(
      'larum_sms_parts_per_second',
      'Pace that the SMS gateway takes now',
      [],
      () => this.gateway.perSecond,
    );
  }

  /** Brings the schema up to date. */
  async migrate(): Promise<void> {
    await this.channel.migrate();
    await migrate(this.parts.db, { schema: SCHEMA, migrations: smsMigrations });
  }

  /** Binds, listens and sends. Resolves when the warnings have been caught up with; sending begins then. */
  async start(): Promise<void> {
    await this.recallHealth();
    if (this.closing !== undefined) return;
    this.gateway.start();
    this.book.match();
    this.tidying = setInterval(() => void this.tidy(), TIDY_EVERY_MS);
    await this.channel.start();
    this.caughtUp = true;
  }

  /** Starts without anybody waiting for it; `/readyz` tells when it is done, and why not. */
  startSoon(): void {
    this.start().catch((error: unknown) => {
      this.log.error({ error }, 'the SMS channel could not start');
    });
  }

  /** A clean stop: no further text is written, replies in flight are waited for, the sessions are unbound. Asked again, the same stop. */
  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    clearInterval(this.tidying);
    this.gatewayHealth.stop();
    await this.book.stop();
    await Promise.all([this.channel.close(), this.gateway.stop(DRAIN_MS)]);
  }

  /** Receipts that found no text, texts that found no receipt, long texts with a part that never came, and whatever could not be matched before. */
  async tidy(): Promise<void> {
    this.book.match();
    try {
      await this.book.giveUpUnmatched();
      await this.replies.takeIncomplete();
      if (performance.now() - this.lookedForSilent < LOOK_FOR_SILENT_EVERY_MS) return;
      await this.channel.receipts.tellSilent();
      this.lookedForSilent = performance.now();
    } catch (error) {
      this.log.warn({ error }, 'tidying up failed and is tried again');
    }
  }

  private openGateway(): SmsGateway {
    const { config } = this;
    const [first] = config.SMPP_URL;
    return new SmsGateway(
      {
        endpoints: config.SMPP_URL,
        systemId: first!.systemId,
        password: first!.password,
        systemType: config.SMPP_SYSTEM_TYPE,
        bindAs: config.SMPP_BIND_AS,
        binds: config.SMPP_BINDS,
        window: config.SMPP_WINDOW,
        partsPerSecond: config.SMPP_PARTS_PER_SECOND,
        connectTimeoutMs: config.SMPP_CONNECT_TIMEOUT_MS,
        answerTimeoutMs: config.SMPP_ANSWER_TIMEOUT_MS,
        enquireEveryMs: config.SMPP_ENQUIRE_EVERY_MS,
        ...RECONNECT,
      },
      {
        incoming: (pdu) => this.incoming(pdu),
        bound: (endpoint) => this.bound(endpoint),
        unbound: (endpoint, why, loginRefused) => this.unbound(endpoint, why, loginRefused),
      },
    );
  }

  /** Stores a receipt or a text; only then does the link answer it. */
  private async incoming(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): Promise<void> {
    try {
      if (!isReceipt(pdu)) return await this.replies.take(readIncoming(pdu, this.config.SMPP_ALPHABET));
      const receipt = readReceipt(pdu, this.config.SMPP_RECEIPT_IDS);
      if (receipt === undefined) return this.log.warn({}, 'a receipt names no message');
      await this.gathered.add(receipt);
    } catch (error) {
      this.log.error(
        { error },
        'what the gateway brought could not be stored: it is asked to bring it again',
      );
      throw error;
    }
  }

  /** Whether texts can leave and receipts can come now. */
  private get usable(): boolean {
    return this.gateway.sends > 0 && this.gateway.hears > 0;
  }

  private bound(endpoint: string): void {
    this.log.info({ endpoint, links: this.gateway.boundLinks }, 'bound to the SMS gateway');
    this.gatewayHealth.bound(this.usable);
  }

  private unbound(endpoint: string, why: string, loginRefused: boolean): void {
    this.log.warn(
      { endpoint, why, links: this.gateway.boundLinks },
      'not bound to the SMS gateway, trying again',
    );
    this.gatewayHealth.unbound(this.usable, why, loginRefused);
  }

  /** An earlier process may have called a person: then it is news that the gateway is well. */
  private async recallHealth(): Promise<void> {
    try {
      const told = await this.channel.record.record.read(this.config.SMS_ACCOUNT_ID);
      const last = told.findLast(({ type }) => type === 'AccountHealthReported');
      if (last?.body['health'] === 'broken') this.gatewayHealth.wasBroken();
    } catch (error) {
      this.log.warn({ error }, 'what was told of the SMS sender before could not be read');
    }
  }

  private async tell(health: 'ok' | 'broken', detail: string): Promise<void> {
    try {
      await this.channel.accounts.health(accountOf(this.config), health, detail);
    } catch (error) {
      this.log.error({ error, health, detail }, 'the health of the SMS sender could not be told');
    }
  }
}

/** The one sender of this channel. */
function accountOf(config: SmsConfig): Account {
  const joined = config.SMPP_JOINING === 'udh8' ? 153 : 152;
  return {
    accountId: config.SMS_ACCOUNT_ID,
    channel: 'sms',
    platform: 'sms',
    name: config.SMS_SENDER,
    languages: config.SMS_LANGUAGES,
    kind: 'sender',
    limits: { max: joined * config.SMS_MOST_PARTS, maxParts: config.SMS_MOST_PARTS },
  };
}
