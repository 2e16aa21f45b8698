import { WarningContent, type DraftContent } from '#contracts';
import { areaFault } from './area-fault.js';
import { WarningRefused } from './refused.js';

/**
 * The draft as a whole content, in the one form that is composed, hashed, approved and sent.
 * Refuses with `not-whole` and every missing or wrong field by name, or with `broken-area`: a broken area never widens.
 */
export function wholeContent(draft: DraftContent): WarningContent {
  const read = WarningContent.safeParse(draft);
  if (!read.success) {
    throw new WarningRefused(
      'not-whole',
      read.error.issues.map(({ path, message }) => {
        const missing = valueAt(draft, path) === undefined;
        return `${path.join('.')}: ${missing ? 'is missing' : message}`;
      }),
    );
  }
  const content = read.data;
  if (content.message === 'holding' && content.nextUpdateAt === undefined) {
    throw new WarningRefused('not-whole', [
      'nextUpdateAt: a holding statement says when the next update comes',
    ]);
  }
  const fault = areaFault(content.area.geometry);
  if (fault !== null) throw new WarningRefused('broken-area', [fault]);
  return content;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}
