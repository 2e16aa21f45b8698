import type { EmailSettings } from '../config.js';
import type { RelayAddress } from '../smtp/open-wire.js';
import { SmtpTransport } from '../transport/smtp-transport.js';

/** Postfix, Exim and Exchange wait five minutes or more for the next command, some gateways half a minute. */
const NOOP_EVERY_MS = 20_000;

/** The transport to the relay behind `SMTP_URL`. */
export function smtpRelay(settings: EmailSettings): SmtpTransport {
  const relay = relayOf(settings);
  return new SmtpTransport({ connections: settings.SMTP_CONNECTIONS, noopMs: NOOP_EVERY_MS, relay });
}

/** Where the relay is and how it is spoken to. Submission is on port 587 (RFC 6409), TLS from the first byte on 465 (RFC 8314). */
export function relayOf(settings: EmailSettings): RelayAddress {
  const { hostname, port, protocol } = new URL(settings.SMTP_URL);
  const isTls = protocol === 'smtps:';
  const { SMTP_USER: user, SMTP_PASSWORD: password = '' } = settings;
  return {
    host: hostname.replace(/^\[(.+)\]$/, '$1'),
    port: port === '' ? (isTls ? 465 : 587) : Number(port),
    tls: isTls ? 'from-the-first-byte' : settings.SMTP_TLS,
    timeoutMs: settings.SMTP_TIMEOUT_S * 1000,
    ...(user === undefined ? {} : { login: { user, password } }),
  };
}
