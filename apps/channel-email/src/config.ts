import { AccountId, Language, Mode } from '#contracts';
import { portSetting, serviceSettings } from '#stream';
import { z } from 'zod';

const domain = z.string().regex(/^([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$/, 'expected a domain name');

/** What sending by e-mail needs to know; the same in the distributed form and in a standalone. */
export const emailSettings = {
  /** The relay: `smtp://host:port`, or `smtps://` for TLS from the first byte. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  /** The world that this relay is for. The service does not start in the other one (DESIGN §3 P6). No default. */
  SMTP_LOGIN_MODE: Mode,
  /**
   * `required`: STARTTLS, or nothing is sent. `if-offered`: STARTTLS where the relay has it. A password never leaves without TLS in either
   * case, but to this machine itself. For `smtps://` it means nothing. Own certificate authorities: NODE_EXTRA_CA_CERTS.
   */
  SMTP_TLS: z.enum(['required', 'if-offered']).default('if-offered'),
  SMTP_USER: z.string().min(1).optional(),
  SMTP_PASSWORD: z.string().min(1).optional(),
  /** Connections kept to the relay; one real relay is the limit long before this is (CHANNELS §F.2). */
  SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(50).default(5),
  /** Seconds that the relay may take for one whole answer, and for a connection. */
  SMTP_TIMEOUT_S: z.coerce.number().int().min(1).max(300).default(30),
  /** The account `acc_…` under which this sender is reported and approved. */
  EMAIL_ACCOUNT: AccountId,
  /** What stands in From: an address of our own, and the name of the agency. */
  MAIL_FROM: z.email(),
  MAIL_FROM_NAME: z.string().min(1).max(100),
  MAIL_LANGUAGES: z
    .string()
    .default('en-GB,cy-GB')
    .transform((list) => list.split(','))
    .pipe(z.array(Language).min(1)),
  /** Bounces come back to `b+<token>@` this domain. */
  BOUNCE_DOMAIN: domain,
  /** Where the receiver of bounces listens; 0 takes a free port. */
  BOUNCE_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Where the receiver of bounces can be reached; loopback unless configured. */
  BOUNCE_HOST: z.string().default('127.0.0.1'),
  /** Signs the tokens of return paths and unsubscribe links. At least 32 characters; the same on every replica. */
  MAIL_TOKEN_KEY: z.string().min(32),
  /** Where the public reaches `/v1/unsubscribe`. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }),
};

const Email = z.object(emailSettings);
/** The settings of the e-mail channel. */
export type EmailSettings = z.infer<typeof Email>;

/** What channel-email is told by its environment in the distributed form. */
export const Config = z.object({ ...serviceSettings, ...emailSettings, PORT: portSetting(8083) });
export type Config = z.infer<typeof Config>;
