import { portSetting, serviceSettings } from '#stream';
import { z } from 'zod';

/** What incident-log is told by its environment: the settings of every service (`#stream`), and its own. */
export const Config = z.object({
  ...serviceSettings,
  /** Who may read: JSON rows of id, name, roles, agency, languages, SHA-256 of the token, mode. Read again when it changes. */
  TOKENS_FILE: z.string().min(1),
  PORT: portSetting(8086),
});
export type Config = z.infer<typeof Config>;
