import { WarningContent, type DraftContent } from '#contracts';
import { areaFault } from './area-fault.js';
import { WarningRefused, type RefusalReason } from './refused.js';

/**
 * The draft as a whole content, in the one form that is composed, hashed, approved and sent.
 * Refuses with `not-whole` and every missing or wrong field by name (`expiry-missing`, `area-missing` when it is that
 * alone), or with `broken-area`: a broken area never widens.
 */
export function wholeContent(draft: DraftContent): WarningContent {
  const read = WarningContent.safeParse(draft);
  if (!read.success) {
    const issues = read.error.issues.map(({ path, message }) => {
      const missing = valueAt(draft, path) === undefined;
      return `${path.join('.')}: ${missing ? 'is missing' : message}`;
    });
    throw new WarningRefused(reasonFor(issues), issues);
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

/** The two that a warning must never go without have a reason of their own when nothing else is wrong. */
function reasonFor(issues: readonly string[]): RefusalReason {
  if (issues.length > 1) return 'not-whole';
  if (issues[0] === 'expiresAt: is missing') return 'expiry-missing';
  return issues[0] === 'area: is missing' ? 'area-missing' : 'not-whole';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}
