import { ConfigurationWrong, readConfig } from '#runtime';
import { z } from 'zod';
import {
  readAccounts,
  type ConfiguredAccount,
} from '../../../channel-social/src/accounts/configured-account.js';
import { emailSettings, type EmailSettings } from '../../../channel-email/src/config.js';
import { SmsConfig } from '../../../channel-sms/src/config.js';
import { SocialConfig } from '../../../channel-social/src/config.js';
import { LiveConfig } from '../config.js';

/** Everything that a live start was told. A channel that was told nothing is undefined, and is not started. */
export type LiveSettings = {
  config: LiveConfig;
  email: EmailSettings | undefined;
  sms: SmsConfig | undefined;
  social: (SocialConfig & { accounts: ConfiguredAccount[] }) | undefined;
};

/** A login that is for exercises would send the public's warning nowhere. */
const forLive = z.literal('live', 'must say live: a login for exercises does not warn the public');
const Email = z.object({ ...emailSettings, SMTP_LOGIN_MODE: forLive });
const Sms = z.object({ ...SmsConfig.shape, SMPP_LOGIN_MODE: forLive });
const Social = z.object({ ...SocialConfig.shape, ACCOUNTS_FILE: z.string().min(1) });

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a live start's settings. A channel counts as wanted as soon as one of its settings is given, so that a forgotten line is
 * a mistake and never a channel that is silently missing. Throws `ConfigurationWrong` with every mistake of every channel at once.
 */
export function readLiveSettings(env?: Environment): LiveSettings {
  const given = readConfig(z.record(z.string(), z.string()), env);
  const mistakes: { key: string; message: string }[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigurationWrong)) throw error;
      mistakes.push(...error.mistakes);
      return undefined;
    }
  };
  const wanted = <Schema extends z.ZodObject>(schema: Schema): z.infer<Schema> | undefined =>
    Object.keys(schema.shape).some((key) => key in given)
      ? attempt(() => readConfig(schema, env))
      : undefined;

  const config = attempt(() => readConfig(LiveConfig, env));
  const email = wanted(Email);
  const sms = wanted(Sms);
  const posting = wanted(Social);
  const social =
    posting === undefined
      ? undefined
      : attempt(() => ({ ...posting, accounts: readAccounts(posting.ACCOUNTS_FILE, 'live') }));
  if (mistakes.length === 0 && (email ?? sms ?? social) === undefined) {
    mistakes.push({
      key: 'SMTP_URL, SMPP_URL or ACCOUNTS_FILE',
      message: 'no channel is set up, and a live start without one warns nobody',
    });
  }
  if (config === undefined || mistakes.length > 0) throw new ConfigurationWrong(mistakes);
  return { config, email, sms, social };
}
