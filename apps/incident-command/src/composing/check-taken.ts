import type { WarningContent } from '#contracts';
import { isPlatform } from '#wording';
import { problem } from '../problems/problem-table.js';

/**
 * Throws a `Problem` for what a draft may hold and no channel can send: pictures (`pictures-not-taken`), and a text of one's
 * own for a platform that nobody knows (`unknown-platform`), which would be left out in silence.
 */
export function checkTaken({ media = [], texts }: WarningContent): void {
  if (media.length > 0) throw problem('pictures-not-taken', undefined, { pictures: media.length });
  const named = Object.values(texts).flatMap(({ overrides = {} }) => Object.keys(overrides));
  const unknown = [...new Set(named)].filter((platform) => !isPlatform(platform));
  if (unknown.length > 0) throw problem('unknown-platform', undefined, { platforms: unknown });
}
