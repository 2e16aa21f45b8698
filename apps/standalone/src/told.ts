import { readConfig } from '#runtime';
import { z } from 'zod';
import { readLiveSettings, type LiveSettings } from './channels/live-settings.js';
import { ExerciseConfig } from './config.js';

/** What a start was told: an exercise, or a live start with the settings of its channels. */
export type Told =
  { config: ExerciseConfig; live?: undefined } | { config: LiveSettings['config']; live: LiveSettings };

/**
 * Reads what `npm start` was told. Only the word `live` makes it live; a misspelt world is one mistake among the others of an
 * exercise, so that it is never taken for either. Throws `ConfigurationWrong` with every mistake at once.
 */
export function readTold(env?: Readonly<Record<string, string | undefined>>): Told {
  const { MODE } = readConfig(z.object({ MODE: z.string().optional() }), env);
  if (MODE !== 'live') return { config: readConfig(ExerciseConfig, env) };
  const live = readLiveSettings(env);
  return { config: live.config, live };
}
