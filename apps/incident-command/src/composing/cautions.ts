import type { WarningContent } from '#contracts';
import { RULES, type Finding, type RuleId } from '#wording';

/** A rule of the wording that an officer may let stand with a reason (WARNINGS §6, level W). */
type WordingCaution = { [Rule in RuleId]: (typeof RULES)[Rule] extends 'acknowledge' ? Rule : never }[RuleId];

/** The one caution that is not about the words: who is never reached. */
const SOCIAL_ALONE = 'social-alone';

/** What must be acknowledged with a reason before a version is submitted, by the name of its rule. */
export type Caution = WordingCaution | typeof SOCIAL_ALONE;

/** Every caution there is, in the order of the rules. */
export const CAUTIONS: readonly [Caution, ...Caution[]] = [
  SOCIAL_ALONE,
  ...Object.entries(RULES).flatMap(([rule, level]) => (level === 'acknowledge' ? [rule as Caution] : [])),
];

/** One thing that an officer has to look at: as the lint tells it, or about the channels. */
export type CautionFound = Omit<Finding, 'rule' | 'field'> & { rule: Caution; field: string };

const isCaution = (finding: Finding): finding is Finding & { rule: WordingCaution } =>
  finding.level === 'acknowledge';

/** The cautions among what the lint found, and the one about the channels. */
export function cautionsOf(content: WarningContent, findings: readonly Finding[]): CautionFound[] {
  return [...findings.filter(isCaution), ...coverage(content)];
}

/**
 * A grave and near danger that is told on social media alone reaches only those who look (WARNINGS §3, coverage guard: Maui
 * and Nova Scotia warned like this). An all-clear, a correction or an update goes where the warning went.
 */
function coverage({ channels, severity, urgency, message }: WarningContent): CautionFound[] {
  const grave = severity === 'Extreme' || severity === 'Severe';
  const near = urgency === 'Immediate' || urgency === 'Expected';
  const begins = message === 'first' || message === 'holding';
  if (!grave || !near || !begins || channels.some((channel) => channel !== 'social')) return [];
  return [
    {
      rule: SOCIAL_ALONE,
      level: 'acknowledge',
      field: 'channels',
      start: 0,
      end: 0,
      message: 'Social media alone reach only those who look: choose text message or e-mail as well.',
    },
  ];
}
