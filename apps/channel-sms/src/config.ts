import { AccountId, Language, Mode } from '#contracts';
import { portSetting, serviceSettings } from '#stream';
import { z } from 'zod';

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** One place to bind: `smpp://system-id:password@host:port`, or `smpps://` for TLS. */
const GatewayUrl = z.url({ protocol: /^smpps?$/ }).transform((text, ctx) => {
  const url = new URL(text);
  const [systemId, password] = [decoded(url.username), decoded(url.password)];
  if (systemId === undefined || password === undefined) {
    ctx.addIssue('needs %25 for a percent sign in its system id and password');
    return z.NEVER;
  }
  const port = Number(url.port);
  if (systemId === '' || systemId.length > 15) ctx.addIssue('needs a system id of 1 to 15 characters');
  if (password.length > 8)
    ctx.addIssue('has a password of more than 8 characters, which SMPP 3.4 cannot carry');
  if (!(port > 0)) ctx.addIssue('needs a port');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    tls: url.protocol === 'smpps:',
    systemId,
    password,
  };
});

const isOneLogin = (urls: readonly { systemId: string; password: string }[]): boolean =>
  urls.every(({ systemId, password }) => systemId === urls[0]?.systemId && password === urls[0]?.password);

const list = z.string().transform((text) => text.split(',').map((one) => one.trim()));
const whole = z.coerce.number().int();
const IdForm = z.enum(['text', 'hex', 'decimal']);

/** What the SMS channel itself is told. A standalone hands in the same keys. */
const smsSettings = {
  /** Where to bind, first choice first, separated by commas; one login for all of them. */
  SMPP_URL: list.pipe(
    z
      .array(GatewayUrl)
      .min(1)
      .refine(isOneLogin, 'must have one login: a password never goes to another host'),
  ),
  /** The world that this login is for. The service does not start in the other one (DESIGN §3 P6). No default. */
  SMPP_LOGIN_MODE: Mode,
  /** Our name for the gateway; message ids are unique on one gateway only. Keep it when the address changes. */
  SMPP_NAME: z
    .string()
    .regex(/^[\w.-]{1,40}$/, 'expected letters, digits, dots and dashes')
    .default('smsc'),
  SMPP_SYSTEM_TYPE: z.string().max(12).default(''),
  /** One session for both ways, or `pair`: where a gateway wants one for sending and one for receipts and replies. */
  SMPP_BIND_AS: z.enum(['transceiver', 'pair']).default('transceiver'),
  /** Sessions, or pairs of them, side by side. */
  SMPP_BINDS: whole.min(1).max(16).default(2),
  /** Texts in flight on each session; what is in doubt when a session breaks. */
  SMPP_WINDOW: whole.min(1).max(500).default(10),
  /** The provider's quota, in parts a second over all sessions. */
  SMPP_PARTS_PER_SECOND: whole.min(1).max(10_000).default(50),
  SMPP_CONNECT_TIMEOUT_MS: whole.min(100).max(60_000).default(5_000),
  /** Without an answer for so long, a text is `unknown`. */
  SMPP_ANSWER_TIMEOUT_MS: whole.min(100).max(120_000).default(10_000),
  SMPP_ENQUIRE_EVERY_MS: whole.min(100).max(600_000).default(30_000),
  /** What data_coding 0 means there. Wrong, it shows `@` and `Δ` for letters, and no error says so. */
  SMPP_ALPHABET: z.enum(['gsm', 'latin1']).default('gsm'),
  /** How the gateway wants long texts. */
  SMPP_JOINING: z.enum(['udh8', 'udh16', 'sar', 'payload']).default('udh8'),
  /** How the gateway writes message ids in its answers, and in its receipts. */
  SMPP_ANSWER_IDS: IdForm.default('text'),
  SMPP_RECEIPT_IDS: IdForm.default('text'),
  /** What the phone shows: up to 11 letters and digits (nobody can answer those), or a number in E.164. */
  SMS_SENDER: z
    .string()
    .regex(/^(\+?\d{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/, 'expected a number, or up to 11 letters'),
  /** Type and numbering plan of the sender (TON,NPI, such as `3,0`); without it what the sender looks like decides. */
  SMPP_SENDER_TYPE: z
    .string()
    .regex(/^[0-6],(1?\d)$/, 'expected TON,NPI, such as 3,0')
    .transform((text) => text.split(',').map(Number))
    .transform(([ton = 0, npi = 0]) => ({ ton, npi }))
    .optional(),
  SMS_ACCOUNT_ID: AccountId,
  SMS_LANGUAGES: list.pipe(z.array(Language).min(1)).default(['en-GB', 'cy-GB']),
  /** Parts of one text at the most; a longer one is refused at submission. */
  SMS_MOST_PARTS: whole.min(1).max(10).default(6),
};
/** The settings of the SMS channel, without those of the process around it. */
export const SmsConfig = z.object(smsSettings);
export type SmsConfig = z.infer<typeof SmsConfig>;

/** What channel-sms is told by its environment: the settings of every service (`#stream`), and its own. */
export const Config = z.object({
  ...serviceSettings,
  ...smsSettings,
  /** Health and figures only. */
  PORT: portSetting(8084),
});
export type Config = z.infer<typeof Config>;
