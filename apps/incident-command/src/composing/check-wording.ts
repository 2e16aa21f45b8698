import type { Mode, WarningContent } from '#contracts';
import { lint, RULES, type RuleId } from '#wording';
import { problem } from '../problems/problem-table.js';

/**
 * Left to others: the times are the rules' own (`#warning`). And which hosts a link may lead to is each agency's own list;
 * the house's list of UK responders would refuse a council's own page, so the composer shows this finding and nobody refuses it.
 */
const NOT_OURS_TO_REFUSE: ReadonlySet<RuleId> = new Set<RuleId>([
  'expiry-missing',
  'expiry-past',
  'expiry-before-start',
  'link-not-allowed',
]);

/**
 * Throws `wording-refused` with every finding that keeps a text from going out: a placeholder left in, a live text that says
 * it is a test, an exercise that says it is no drill, an open end, a shortened link, an altered fixed wording.
 */
export function checkWording(mode: Mode, content: WarningContent): void {
  const { kind, message, severity, texts, link, contact, effectiveAt, expiresAt, nextUpdateAt, media } =
    content;
  const master = {
    mode,
    kind,
    message,
    severity,
    texts,
    link,
    contact,
    effectiveAt,
    expiresAt,
    nextUpdateAt,
    media,
  };
  const refused = lint(master).filter(
    ({ rule }) => RULES[rule] === 'refuse' && !NOT_OURS_TO_REFUSE.has(rule),
  );
  if (refused.length === 0) return;
  const named = refused.map(
    ({ field, language, message: says }) => `${language ?? 'every language'}, ${field}: ${says}`,
  );
  throw problem(
    'wording-refused',
    `The wording keeps this from going out; nothing was recorded. ${named.join(' ')}`.slice(0, 2_000),
    {
      findings: refused,
    },
  );
}
