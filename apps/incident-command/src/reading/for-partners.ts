import type { TokenHolder } from '#runtime';
import type { ReportedAccount } from '../channels/known-accounts.js';
import type { VersionView, WarningView } from './warning-view.js';

/** Whose eyes see a warning: a token that has no role but `partner` belongs to another agency (DESIGN §3, P11). */
export const eyesOf = ({ roles }: TokenHolder): 'own' | 'partner' =>
  roles.every((role) => role === 'partner') ? 'partner' : 'own';

const PUBLIC_STATES: readonly VersionView['state'][] = [
  'issued',
  'superseded',
  'cancelled',
  'cleared',
  'expired',
];
const PUBLIC_STEPS: readonly string[] = [
  'WarningIssued',
  'WarningSuperseded',
  'WarningCancelled',
  'WarningExpired',
];

/** A warning as another agency may see it: versions that went out, without officers; undefined when none did. */
export function forPartners(view: WarningView): WarningView | undefined {
  const versions = view.versions
    .filter(({ state }) => PUBLIC_STATES.includes(state))
    .map((version) => ({
      ...version,
      origin: null,
      acknowledged: [],
      history: version.history
        .filter(({ type }) => PUBLIC_STEPS.includes(type))
        .map(({ type, at }) => ({ type, at, by: '' })),
    }));
  return versions.length === 0 ? undefined : { ...view, openVersion: null, versions };
}

/** An account as another agency may see it: what a provider says of our credentials is our own affair. */
export const accountForPartners = (account: ReportedAccount): ReportedAccount => ({
  ...account,
  health: null,
});
