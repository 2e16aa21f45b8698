import type { Acknowledged, Mode, WarningContent } from '#contracts';
import { lint, RULES, type Finding, type RuleId } from '#wording';
import { problem } from '../problems/problem-table.js';
import type { Acknowledgement } from '../warnings/warning-requests.js';
import { cautionsOf, type CautionFound } from './cautions.js';

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
 * it is a test, an exercise that says it is no drill, an open end, a shortened link, an altered fixed wording. Returns the
 * cautions: what may stand when somebody says why.
 */
export function checkWording(mode: Mode, content: WarningContent): CautionFound[] {
  const findings = lintOf(mode, content);
  const refused = findings.filter(({ rule }) => RULES[rule] === 'refuse' && !NOT_OURS_TO_REFUSE.has(rule));
  if (refused.length > 0) {
    const detail = `The wording keeps this from going out; nothing was recorded. ${inOneLine(refused)}`;
    throw problem('wording-refused', detail.slice(0, 2_000), { findings: refused });
  }
  return cautionsOf(content, findings);
}

/**
 * What is to be recorded: each caution that was found, with the submitter's reason for letting it stand; an acknowledgement
 * of what was not found is not kept. Throws `must-be-acknowledged` with every caution that is not answered.
 */
export function acknowledged(
  cautions: readonly CautionFound[],
  given: readonly Acknowledgement[],
): Acknowledged[] {
  const open = cautions.filter(({ rule }) => !given.some((one) => one.rule === rule));
  if (open.length > 0) {
    const rules = [...new Set(open.map(({ rule }) => rule))];
    const detail = `Look at this again before it is submitted; nothing was recorded. ${inOneLine(open)}`;
    const answered = JSON.stringify(rules.map((rule) => ({ rule, reason: 'your reason' })));
    const how = ` If it may stand, submit again with the revision and "acknowledged":${answered}`;
    throw problem('must-be-acknowledged', `${detail.slice(0, 2_000 - how.length)}${how}`, {
      rules,
      findings: open,
    });
  }
  return given.flatMap(({ rule, reason }) => {
    const said = cautions.filter((one) => one.rule === rule).map(inWords);
    return said.length === 0 ? [] : [{ rule, reason, said }];
  });
}

function lintOf(mode: Mode, content: WarningContent): Finding[] {
  const { kind, message, severity, texts, link, contact, effectiveAt, expiresAt, nextUpdateAt } = content;
  return lint({ mode, kind, message, severity, texts, link, contact, effectiveAt, expiresAt, nextUpdateAt });
}

type Found = Finding | CautionFound;
const inWords = ({ field, language, message }: Found) =>
  `${language ?? 'every language'}, ${field}: ${message}`;
const inOneLine = (found: readonly Found[]) => found.map(inWords).join(' ');
