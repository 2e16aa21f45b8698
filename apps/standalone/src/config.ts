import { Mode } from '#contracts';
import { z } from 'zod';

/** What `npm start` is told by its environment. Everything has a default: it is a fair way to look at Larum. */
export const Config = z.object({
  /** The world: an exercise unless an operator says `live`, which needs a DATABASE_URL and the channels' own settings. */
  MODE: Mode.default('exercise'),
  /** HTTP; the practice page, SMTP, SMPP and the receiver of bounces are on the next four ports. */
  PORT: z.coerce.number().int().min(1).max(65_531).default(8080),
  /** Loopback unless configured. */
  HOST: z.string().default('127.0.0.1'),
  /** Where everything is kept. A second start on it carries on. */
  DATA_DIR: z.string().min(1).default('.data'),
  /** A PostgreSQL of your own in place of the embedded one. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** The seed of the practice world's public: the same seed, the same shares and replies. */
  PRACTICE_SEED: z.string().min(1).max(100).default('llanrwst'),
  /** People on each list of the packaged exercise. */
  PRACTICE_RECIPIENTS: z.coerce.number().int().min(10).max(50_000).default(400),
  /** Whether an empty data folder first plays the flood exercise: `yes` or `no`. */
  PLAY_EXERCISE: z.enum(['yes', 'no']).default('yes'),
  /** A mail sink on this machine in place of the practice world's own, for measuring. An exercise only, and loopback only. */
  PRACTICE_SMTP_URL: z
    .url({
      protocol: /^smtp$/,
      hostname: /^(127\.0\.0\.1|localhost)$/,
      error: 'expected smtp://127.0.0.1:port',
    })
    .optional(),
  /** In how many milliseconds the public of the practice world has reacted to a post. */
  REACTIONS_MS: z.coerce.number().int().min(1).max(86_400_000).default(6_000),
  /** How long the public is watched after each version of the exercise, in milliseconds. */
  WATCH_MS: z.coerce.number().int().min(0).max(600_000).default(8_000),
});
export type Config = z.infer<typeof Config>;
