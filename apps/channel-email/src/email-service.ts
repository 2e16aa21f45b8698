import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { ListChannelService, type ChannelShared } from '#channel';
import type { Account, Mode } from '#contracts';
import { ConfigurationWrong, type HealthRegistry } from '#runtime';
import { BounceDesk } from './bounces/bounce-desk.js';
import { BounceReceiver } from './bounces/bounce-receiver.js';
import type { EmailSettings } from './config.js';
import type { MailTokens } from './return-path/mail-tokens.js';
import type { MailIdentity } from './composing/compose-mail.js';
import { Templates } from './composing/templates.js';
import { EmailSender } from './sending/email-sender.js';
import { smtpRelay } from './sending/smtp-relay.js';
import type { SmtpTransport } from './transport/smtp-transport.js';

/** The schema that is this channel's own. */
export const SCHEMA = 'channel_email';

/** What the service stands on. */
export type EmailParts = ChannelShared & { mode: Mode; health: HealthRegistry; host: string };

/**
 * The e-mail channel as it runs: the list loop, the relay, and the receiver of what comes back. Throws when the relay's login is for
 * the other world: an exercise never leaves by a live one.
 */
export class EmailService implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly list: ListChannelService;
  readonly bounces: BounceReceiver;
  private readonly relay: SmtpTransport;
  private readonly templates: Templates;
  /** Where bounces are taken; known once it listens. */
  bouncePort = 0;
  private hasCaughtUp = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly settings: EmailSettings,
    private readonly parts: EmailParts,
    tokens: MailTokens,
  ) {
    if (settings.SMTP_LOGIN_MODE !== parts.mode) {
      throw new ConfigurationWrong([
        {
          key: 'SMTP_LOGIN_MODE',
          message: `the mail relay's login is for ${settings.SMTP_LOGIN_MODE}, and this process works in ${parts.mode}`,
        },
      ]);
    }
    const identity: MailIdentity = {
      from: { name: settings.MAIL_FROM_NAME, address: settings.MAIL_FROM },
      domain: settings.MAIL_FROM.slice(settings.MAIL_FROM.lastIndexOf('@') + 1),
      publicUrl: settings.PUBLIC_URL,
      bounceDomain: settings.BOUNCE_DOMAIN,
    };
    this.relay = smtpRelay(settings);
    this.templates = new Templates(identity);
    this.list = new ListChannelService(
      {
        mode: parts.mode,
        channel: 'email',
        app: 'channel-email',
        schema: SCHEMA,
        account: accountOf(settings),
        sender: new EmailSender(this.relay, this.templates, tokens, {
          turnedAway: (all, recipients) => desk.turnedAway(all, recipients),
        }),
        receipts: ['bounced', 'complained'],
      },
      parts,
    );
    const { receipts, subscribers } = this.list;
    const { clock, log } = parts;
    const desk = new BounceDesk(receipts, subscribers, { clock, log });
    this.bounces = new BounceReceiver(tokens, desk, log);
  }

  /** Brings the schema up to date. Before anything else. */
  async migrate(): Promise<void> {
    await this.list.migrate();
  }

  /** The loop is not awaited: health, figures and the other apps of a standalone do not wait for it to catch up with the warnings. */
  async onApplicationBootstrap(): Promise<void> {
    const { health, log } = this.parts;
    const { BOUNCE_HOST, BOUNCE_PORT } = this.settings;
    this.bouncePort = await this.bounces.listen(BOUNCE_HOST, BOUNCE_PORT);
    void this.relay.warm(); // what fails is tried again, and told by health
    await this.templates.rehearse();
    health.add('mail-relay', () => this.relay.verify());
    health.add('channel-email', () => {
      if (!this.hasCaughtUp)
        throw new Error('is reading the warnings up to now, and sends nothing until then');
    });
    this.list.start().then(
      () => void (this.hasCaughtUp = true),
      (error: unknown) => log.error({ error }, 'the e-mail channel could not start'),
    );
  }

  /** Begun here and waited for below: the channels of a standalone stop side by side, and not one after another. */
  onModuleDestroy(): void {
    this.close().catch(() => {});
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  private close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    await Promise.all([this.list.close(), this.bounces.close()]);
    await this.list.receipts.close(); // what came back while the list was closed
    this.relay.close();
  }
}

function accountOf({ EMAIL_ACCOUNT, MAIL_FROM, MAIL_LANGUAGES }: EmailSettings): Account {
  return {
    accountId: EMAIL_ACCOUNT,
    channel: 'email',
    platform: 'email',
    name: MAIL_FROM,
    languages: MAIL_LANGUAGES,
    kind: 'sender',
    limits: { max: 100_000 },
  };
}
