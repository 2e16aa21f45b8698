import { z } from 'zod';
import { Account, CapOrigin, ComposedText, DraftContent, Instant, MultiPolygon } from '#contracts';

const count = z.number().int().positive();

/** A list of incidents, the newest first. */
const IncidentLine = z.strictObject({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  leadAgency: z.string(),
  openedAt: Instant,
});
export const IncidentList = z.strictObject({ incidents: z.array(IncidentLine) });

/** One incident with its warnings. */
export const IncidentView = z.strictObject({
  ...IncidentLine.shape,
  revision: count,
  area: MultiPolygon.nullable(),
  warnings: z.array(z.strictObject({ id: z.string(), state: z.string(), event: z.string().nullable() })),
});

const WarningLine = z.strictObject({
  id: z.string(),
  incidentId: z.string(),
  state: z.string(),
  shownVersion: count.nullable(),
  openVersion: count.nullable(),
  openState: z.string().nullable(),
  event: z.string().nullable(),
  message: z.string().nullable(),
  severity: z.string().nullable(),
  expiresAt: Instant.nullable(),
  revision: count,
  changedAt: Instant,
});
/** A page of warnings, the newest first. */
export const WarningList = z.strictObject({ warnings: z.array(WarningLine) });

const Version = z.strictObject({
  version: count,
  state: z.enum([
    'draft',
    'submitted',
    'held',
    'returned',
    'rejected',
    'issued',
    'superseded',
    'cancelled',
    'cleared',
    'expired',
    'abandoned',
  ]),
  content: z.looseObject(DraftContent.shape),
  composed: z.array(ComposedText).nullable(),
  contentHash: z.string().nullable(),
  areaHash: z.string().nullable(),
  acknowledged: z.array(
    z.strictObject({
      rule: z.string(),
      reason: z.string(),
      said: z.array(z.string()),
      by: z.string(),
      at: Instant,
    }),
  ),
  supersedes: count.nullable(),
  origin: CapOrigin.nullable(),
  history: z.array(
    z.strictObject({
      type: z.string(),
      at: Instant,
      by: z.string(),
      reason: z.string().optional(),
      until: Instant.optional(),
    }),
  ),
});

/** A whole warning: every version with its texts, hashes and history, and its state on each channel. */
export const WarningShown = z.strictObject({
  id: z.string(),
  incidentId: z.string(),
  revision: count,
  state: z.string(),
  shownVersion: count.nullable(),
  openVersion: count.nullable(),
  versions: z.array(Version),
  channels: z.array(
    z.strictObject({
      channel: z.string(),
      gates: z.array(
        z.strictObject({ because: z.enum(['version', 'cancel', 'expiry']), version: count, at: Instant }),
      ),
      lastHeardAt: Instant.nullable(),
    }),
  ),
});

/** The accounts that the channels have reported, with their limits and health. */
export const AccountList = z.strictObject({
  accounts: z.array(
    z.looseObject({
      ...Account.shape,
      reportedAt: Instant,
      health: z.strictObject({ state: z.string(), detail: z.string(), at: z.string() }).nullable(),
    }),
  ),
});

const note = z.string().optional().meta({
  description: 'Of an alert whose scope is not Public: what of it was left out.',
});
/** What became of a partner's alert. */
export const TakenIn = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('draft'),
    id: z.string(),
    incidentId: z.string(),
    version: count,
    revision: count,
    note,
  }),
  z.strictObject({
    kind: z.literal('proposal'),
    id: z.string(),
    incidentId: z.string(),
    warningId: z.string().nullable(),
    choices: z.array(z.string()),
    note,
  }),
]);

/** What partners have proposed. */
export const ProposalList = z.strictObject({
  proposals: z.array(
    z.strictObject({
      id: z.string(),
      incidentId: z.string(),
      state: z.enum(['waiting', 'confirmed', 'dismissed']),
      proposes: z.enum(['cancel', 'update']),
      warningId: z.string().nullable(),
      choices: z.array(z.string()),
      cap: z.looseObject({
        sender: z.string(),
        identifier: z.string(),
        sent: z.string(),
        msgType: z.string(),
      }),
      summary: z.string(),
      receivedAt: Instant,
      sentBy: z.string().nullable(),
      decidedAt: Instant.nullable(),
      decidedBy: z.string().nullable(),
    }),
  ),
});
