import { areaProblem } from '#audience';
import type { WarningContent } from '#contracts';
import { WarningRefused } from '#warning';
import { isPlatform } from '#wording';
import { problem } from '../problems/problem-table.js';

/**
 * Throws for what a draft may hold and no channel can send: an area by which no channel looks people up (`broken-area`, by the
 * channels' own rule: an approved warning that each of them refuses would reach nobody), pictures (`pictures-not-taken`), and a text
 * of one's own for a platform that nobody knows (`unknown-platform`), which would be left out in silence.
 */
export function checkTaken({ area, media = [], texts }: WarningContent): void {
  const broken = areaProblem(area.geometry);
  if (broken !== undefined) throw new WarningRefused('broken-area', [broken]);
  if (media.length > 0) throw problem('pictures-not-taken', undefined, { pictures: media.length });
  const named = Object.values(texts).flatMap(({ overrides = {} }) => Object.keys(overrides));
  const unknown = [...new Set(named)].filter((platform) => !isPlatform(platform));
  if (unknown.length > 0) throw problem('unknown-platform', undefined, { platforms: unknown });
}
