import { looksChangedOver } from '#audience';
import type { Account, Channel, ComposedText, MessageKind, WarningContent, WarningEvent } from '#contracts';
import type { Warning } from '#warning';
import { RULES, type Finding, type RuleId } from '#wording';

/** A rule of the wording that an officer may let stand with a reason (WARNINGS §6, level W). */
type WordingCaution = { [Rule in RuleId]: (typeof RULES)[Rule] extends 'acknowledge' ? Rule : never }[RuleId];

/** The cautions that are not about the words: who is never reached, who would hear the beginning and not the end, or the end and then more. */
const OTHERS = ['area-changed-over', 'social-alone', 'channel-dropped', 'after-cancel'] as const;

/** What must be acknowledged with a reason before a version is submitted, by the name of its rule. */
export type Caution = WordingCaution | (typeof OTHERS)[number];

/** Every caution there is, in the order of the rules. */
export const CAUTIONS: readonly [Caution, ...Caution[]] = [
  ...OTHERS,
  ...Object.entries(RULES).flatMap(([rule, level]) => (level === 'acknowledge' ? [rule as Caution] : [])),
];

/** One thing that an officer has to look at: as the lint tells it, or about the area or the channels. */
export type CautionFound = Omit<Finding, 'rule' | 'field'> & { rule: Caution; field: string };

const isCaution = (finding: Finding): finding is Finding & { rule: WordingCaution } =>
  finding.level === 'acknowledge';

/** The cautions among what the lint found, and those about the area and the channels. */
export function cautionsOf(content: WarningContent, findings: readonly Finding[]): CautionFound[] {
  return [...findings.filter(isCaution), ...place(content), ...coverage(content)];
}

/**
 * An area with its latitudes and longitudes changed over is as valid as any, lies in the sea off Africa and reaches nobody. It is
 * known by the rule that also asks about the places of subscribers, corner by corner.
 */
function place({ area }: WarningContent): CautionFound[] {
  const corners = area.geometry.coordinates.flat(2);
  const doubtful = corners.filter(looksChangedOver).length;
  if (doubtful === 0) return [];
  return [
    {
      rule: 'area-changed-over',
      level: 'acknowledge',
      field: 'area',
      start: 0,
      end: 0,
      message: `The latitude and the longitude look changed over: ${doubtful} of ${corners.length} positions would be in Britain the other way round. Write the longitude first, then the latitude, such as [-1.98, 53.33].`,
    },
  ];
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
      rule: 'social-alone',
      level: 'acknowledge',
      field: 'channels',
      start: 0,
      end: 0,
      message: 'Social media alone reach only those who look: choose text message or e-mail as well.',
    },
  ];
}

/** How an officer speaks of each channel. */
const BY: Readonly<Record<Channel, string>> = {
  social: 'social media',
  email: 'e-mail',
  sms: 'text message',
};

/** What becomes of people who have the words before and never get these. */
const NEVER: Readonly<Partial<Record<MessageKind, string>>> = {
  'all-clear': 'would never hear that it is over',
  correction: 'would never hear that it was wrong',
  update: 'would go on by the old words',
};

/**
 * A caution for every channel, and every social account, that an earlier version went out on and this one leaves out
 * (WARNINGS §3: Nova Scotia warned by telephone, and gave the all-clear on one platform). Versions before a cancel do not count: it
 * reaches everybody who had them. `before` are the facts so far, `composed` is what this version sends.
 */
export function droppedSince(
  before: readonly WarningEvent[],
  { message }: Pick<WarningContent, 'message'>,
  composed: readonly ComposedText[],
  known: readonly Pick<Account, 'accountId' | 'name'>[],
): CautionFound[] {
  const standing = before.slice(before.findLastIndex(({ type }) => type === 'WarningCancelled') + 1);
  const last = new Map<string, { text: ComposedText; version: number }>();
  for (const fact of standing) {
    if (fact.type !== 'WarningIssued') continue;
    for (const text of fact.composed) last.set(keyOf(text), { text, version: fact.version });
  }
  for (const text of composed) last.delete(keyOf(text));
  const channels = new Set(composed.map(({ channel }) => channel));
  const found = new Map<string, CautionFound>();
  for (const { text, version } of [...last.values()].toSorted((a, b) => a.version - b.version)) {
    const { channel, accountId, platform } = text;
    const name = known.find((one) => one.accountId === accountId)?.name ?? accountId;
    const way = channels.has(channel) ? `${name} (${platform})` : BY[channel];
    found.set(way, dropped(channels.has(channel) ? 'accounts' : 'channels', version, message, way));
  }
  return [...found.values()];
}

/** A caution for a next version of a warning that is cancelled: whoever was told so hears of it again, and of what it was before it ended. */
export function afterCancel(warning: Warning, { message }: Pick<WarningContent, 'message'>): CautionFound[] {
  if (warning.status !== 'public' || warning.shown.state !== 'cancelled') return [];
  const what = message.replace('-', ' ');
  const a = /^[aeiou]/.test(what) ? 'an' : 'a';
  return [
    {
      rule: 'after-cancel',
      level: 'acknowledge',
      field: 'message',
      start: 0,
      end: 0,
      message: `This warning was cancelled: whoever was told so is now told of ${a} ${what}. A new warning may be plainer.`,
    },
  ];
}

/** A list has one sender, whatever its name; of social media each account has its own readers. */
const keyOf = ({ channel, accountId }: ComposedText): string => (channel === 'social' ? accountId : channel);

function dropped(field: string, version: number, message: MessageKind, way: string): CautionFound {
  const never = NEVER[message] ?? NEVER.update;
  const what = message.replace('-', ' ');
  return {
    rule: 'channel-dropped',
    level: 'acknowledge',
    field,
    start: 0,
    end: 0,
    message: `Version ${version} went out by ${way}, and this ${what} does not: whoever has it from there ${never}. Choose ${way} as well.`,
  };
}
