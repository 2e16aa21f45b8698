import nodemailer from 'nodemailer';
import type { EmailSettings } from '../config.js';
import type { Mail, MailIdentity } from './compose-mail.js';

/** The relay behind `SMTP_URL`, on connections that are kept. */
export class SmtpRelay {
  readonly connections: number;
  private readonly pool;

  constructor(
    settings: EmailSettings,
    private readonly identity: MailIdentity,
  ) {
    const { hostname, port, protocol } = new URL(settings.SMTP_URL);
    const isTls = protocol === 'smtps:';
    const timeoutMs = settings.SMTP_TIMEOUT_S * 1000;
    this.connections = settings.SMTP_CONNECTIONS;
    this.pool = nodemailer.createTransport({
      pool: true,
      host: hostname,
      port: port === '' ? (isTls ? 465 : 587) : Number(port),
      secure: isTls,
      maxConnections: settings.SMTP_CONNECTIONS,
      maxMessages: Infinity,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(settings.SMTP_USER === undefined
        ? {}
        : { auth: { user: settings.SMTP_USER, pass: settings.SMTP_PASSWORD ?? '' } }),
    });
  }

  /** Hands one mail over and answers the relay's queue id, or its whole reply. Rejects with what `smtpOutcome` reads. */
  async send(mail: Mail): Promise<string> {
    const { envelope, messageId, subject, text, html, headers } = mail;
    const info = await this.pool.sendMail({
      // The envelope is given whole: an address with a line break in a header would else choose the recipient.
      envelope: { from: envelope.from, to: [envelope.to] },
      from: this.identity.from,
      to: { name: '', address: envelope.to },
      messageId,
      subject,
      text,
      html,
      headers,
      dsn: { id: messageId.slice(1, -1), return: 'headers', notify: ['failure'], recipient: envelope.to },
    });
    return /queued as (\S+)/i.exec(info.response)?.[1] ?? info.response.slice(0, 100);
  }

  /** Whether the relay answers and lets us in. */
  async verify(): Promise<void> {
    await this.pool.verify();
  }

  /** Opens a connection before it is needed. That it fails is found again, and told, by the first mail. */
  async warm(): Promise<void> {
    await this.verify().catch(() => {});
  }

  close(): void {
    this.pool.close();
  }
}
