import { z } from 'zod';

const port = (usual: number) => z.coerce.number().int().min(0).max(65_535).default(usual);

/** What the practice world is told by its environment. Everything but the mode has a default. */
export const Config = z
  .object({
    /** There is no live practice world: a process that is told so was started by mistake. */
    MODE: z.literal('exercise', 'must be "exercise": the practice world is never part of a live system'),
    /** Loopback unless a private network of containers needs otherwise. */
    HOST: z.string().default('127.0.0.1'),
    /** The page, both platforms and the control. DESIGN §6: the ninth of the distributed form. */
    PORT: port(8089),
    SMTP_PORT: port(2525),
    SMPP_PORT: port(2775),
    /** What arrived, posts, keys and what is still owed. Remembered from run to run. */
    DATA_DIR: z.string().min(1).default('.data/practice-world'),
    /** The public's seed: the same seed, the same shares, replies, bounces and answers. */
    PRACTICE_SEED: z.string().min(1).max(100).default('llanrwst'),
    /** In how many milliseconds the public has reacted to a post. */
    REACTIONS_MS: z.coerce.number().int().min(1).max(86_400_000).default(20_000),
    /** Who takes bounces: channel-email's receiver. Without it nothing comes back by mail. */
    BOUNCE_HOST: z.string().min(1).optional(),
    BOUNCE_PORT: port(2526),
    /** Whether the receiver of bounces may lie in a private network (RFC 1918) and not only on this machine. */
    PRIVATE_NETWORK: z.enum(['yes', 'no']).default('no'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .describe('practice-world');
export type Config = z.infer<typeof Config>;
