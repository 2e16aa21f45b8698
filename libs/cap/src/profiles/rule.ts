import type { Level } from '../checks/finding.js';
import type { Alert, Info } from '../model/alert.js';
import { instantOf } from '../model/instant.js';

/** Whether a rule holds: for each info block, or one answer for the whole alert. */
export type Infos = readonly boolean[];

/** One demand of a profile. */
export type ProfileRule = {
  readonly name: string;
  readonly level: Level;
  /** What is wrong when it does not hold. */
  readonly message: string;
  readonly holds: (alert: Alert) => Infos;
};

/** What one receiver demands beyond the standard. */
export type Profile = {
  readonly name: string;
  readonly source: string;
  readonly rules: readonly ProfileRule[];
};

/** A finding of a profile: which rule, how bad, and in which info block when there are several. */
export type ProfileFinding = {
  readonly rule: string;
  readonly level: Level;
  readonly path: string;
  readonly message: string;
};

export const rule = (
  name: string,
  level: Level,
  message: string,
  holds: ProfileRule['holds'],
): ProfileRule => ({ name, level, message, holds });

export const instant = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : instantOf(text);

/** Every demand of the profile that the alert does not meet; empty when it meets all. */
export function profileFindings(alert: Alert, profile: Profile): ProfileFinding[] {
  return profile.rules.flatMap(({ name, level, message, holds }) => {
    const answers = holds(alert);
    const several = answers.length > 1 && answers.length === alert.infos.length;
    return answers.flatMap((fine, index) =>
      fine ? [] : [{ rule: name, level, path: several ? `/alert/info[${index + 1}]` : '/alert', message }],
    );
  });
}

/** One answer for each info block. */
export const each =
  (test: (info: Info, alert: Alert) => boolean): ((alert: Alert) => Infos) =>
  (alert) =>
    alert.infos.map((info) => test(info, alert));
/** Whether a value of that name is there. */
export const named = (
  list: readonly { readonly valueName: string; readonly value: string }[],
  name: RegExp,
): boolean => list.some((one) => name.test(one.valueName));
/** Event codes and categories, to be compared. */
export const codes = (info: Info): string => JSON.stringify([info.eventCodes, info.categories]);
/** One answer for the whole alert. */
export const whole =
  (test: (alert: Alert) => boolean): ((alert: Alert) => Infos) =>
  (alert) => [test(alert)];
