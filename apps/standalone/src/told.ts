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

/** What to say to a start that was given words on its command line: it takes none. Undefined where there are none. */
export function unknownWords(words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const settings = words.filter((word) => /^[A-Z_]+=/.test(word));
  const instead =
    settings.length > 0
      ? `settings stand before the command: ${settings.join(' ')} npm start`
      : 'settings are given as in PORT=9000 npm start';
  return `npm start takes no options, and was given ${words.join(' ')}; ${instead}. npm start -- --help tells more`;
}
