import { z } from 'zod';

/** What every standalone is told. */
const common = {
  /** All apps answer here; in an exercise the practice page, SMTP, SMPP and the receiver of bounces are on the next four ports. */
  PORT: z.coerce.number().int().min(1).max(65_531).default(8080),
  /** Loopback unless configured. */
  HOST: z.string().default('127.0.0.1'),
  /** Where everything is kept. A second start on it carries on. */
  DATA_DIR: z.string().min(1).default('.data'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
};
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** What an exercise alone is told. */
const exerciseSettings = {
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
  /**
   * A practice world that runs as a process of its own on this machine: its page, with its SMTP and SMPP on the two ports after it.
   * It outlives a kill of this process, so it can testify to what arrived.
   */
  PRACTICE_URL: z
    .url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ })
    .refine((url) => new URL(url).port !== '', 'needs a port')
    .optional(),
  /** In how many milliseconds the public of the practice world has reacted to a post. */
  REACTIONS_MS: z.coerce.number().int().min(1).max(86_400_000).default(6_000),
  /** How long the public is watched after each version of the exercise, in milliseconds. */
  WATCH_MS: z.coerce.number().int().min(0).max(600_000).default(8_000),
};

/** What `npm start` is told by its environment. Everything has a default: it is a fair way to look at Larum. */
export const ExerciseConfig = z.object({
  MODE: z.literal('exercise', 'must be exercise or live').default('exercise'),
  ...common,
  /** A PostgreSQL of your own in place of the embedded one. */
  DATABASE_URL: databaseUrl.optional(),
  ...exerciseSettings,
});
export type ExerciseConfig = z.infer<typeof ExerciseConfig>;

const notHere = z.never('belongs to an exercise, and this start is live: take it out').optional();

/**
 * What a live standalone is told besides its channels, which have the settings of the distributed form. A setting of exercises is
 * refused: whoever set it believed that nothing would leave.
 */
export const LiveConfig = z.object({
  MODE: z.literal('live'),
  ...common,
  /** The PostgreSQL that keeps the record. Required: what happened must outlive this machine's folder. */
  DATABASE_URL: databaseUrl,
  /** Who may do what; without it the first start writes `token-holders.json` in `DATA_DIR`. */
  TOKENS_FILE: z.string().min(1).optional(),
  PRACTICE_SEED: notHere,
  PRACTICE_RECIPIENTS: notHere,
  PLAY_EXERCISE: notHere,
  PRACTICE_SMTP_URL: notHere,
  PRACTICE_URL: notHere,
  REACTIONS_MS: notHere,
  WATCH_MS: notHere,
});
export type LiveConfig = z.infer<typeof LiveConfig>;
