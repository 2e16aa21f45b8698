import { portSetting, serviceSettings } from '#stream';
import { z } from 'zod';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
/** Counted at 1, 3, 5, 10, 15, 30, 60 min, hourly to 6 h, every 6 h to 48 h, daily to 7 days (CHANNELS §C). */
const SAMPLE_EVERY_S = [
  ...[1, 2, 2, 5, 5, 15, 30].map((minutes) => minutes * MINUTE_S),
  ...Array.from({ length: 5 }, () => HOUR_S),
  ...Array.from({ length: 7 }, () => 6 * HOUR_S),
  ...Array.from({ length: 5 }, () => 24 * HOUR_S),
];

const LONGEST_S = 30 * 24 * HOUR_S;
const seconds = z.coerce.number().positive().max(LONGEST_S);
const whole = z.coerce.number().int();
const manySeconds = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .pipe(z.array(z.number().positive().max(LONGEST_S)).min(1));

/** What the social channel itself is told, besides its accounts. A standalone hands in the same keys. */
const socialSettings = {
  /** Seconds between one count of a post's shares, likes and replies and the next, separated by commas; then no more. */
  SAMPLE_EVERY_S: manySeconds.default(SAMPLE_EVERY_S),
  /** Seconds from a lost reply to the first look for the post, from there to the second, and so on (CHANNELS §E.3). */
  LOOK_AGAIN_S: manySeconds.default([5, 30, 120]),
  /** Seconds between two looks for replies on each account. */
  REPLIES_EVERY_S: seconds.default(30),
  /** Seconds between two tries of each login. */
  CHECK_EVERY_S: seconds.default(HOUR_S),
  /** No connection within this: nothing was posted. */
  SOCIAL_CONNECT_TIMEOUT_MS: whole.min(100).max(60_000).default(5_000),
  /** No answer within this: the post is `unknown`, and is looked for on the platform. */
  SOCIAL_ANSWER_TIMEOUT_MS: whole.min(100).max(120_000).default(15_000),
};
/** The settings of the social channel, without those of the process around it. */
export const SocialConfig = z.object(socialSettings);
export type SocialConfig = z.infer<typeof SocialConfig>;

/** What channel-social is told by its environment: the settings of every service (`#stream`), and its own. */
export const Config = z.object({
  ...serviceSettings,
  ...socialSettings,
  /** The accounts, JSON as the README shows it; secrets lie elsewhere, in variables or files that it names. */
  ACCOUNTS_FILE: z.string().min(1),
  /** Health and figures only. */
  PORT: portSetting(8082),
});
export type Config = z.infer<typeof Config>;
