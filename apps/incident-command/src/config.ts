import { z } from 'zod';
import { portSetting, serviceSettings } from '#stream';

/** What incident-command is told by its environment. Each key is read once, at start; every mistake is listed at once. */
export const Config = z.object({
  ...serviceSettings,
  /** Who may call: officers and partners with their roles and the SHA-256 of their tokens. Read again when it changes. */
  TOKENS_FILE: z.string().min(1),
  /** DESIGN §6: 8081 is the first of the distributed form. */
  PORT: portSetting(8081),
});
export type Config = z.infer<typeof Config>;
