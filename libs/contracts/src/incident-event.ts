import { z } from 'zod';
import { MultiPolygon } from './area.js';
import { IncidentId, ItemId, OfficerId, WarningId } from './ids.js';
import { Instant } from './instant.js';
import { DraftContent } from './warning-content.js';
import { CapOrigin } from './warning-event.js';

const fact = { by: OfficerId, at: Instant };

/** What kind of real-world event an incident is. */
export const IncidentType = z.enum([
  'flood',
  'terror-attack',
  'chemical',
  'missing-person',
  'severe-weather',
  'fire',
  'infrastructure',
  'public-health',
  'crime',
  'other',
]);

/** Every fact about an incident and about what partners propose. */
export const IncidentEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('IncidentOpened'),
    incidentId: IncidentId,
    ...fact,
    incidentType: IncidentType,
    name: z.string(),
    leadAgency: z.string(),
    methane: z.record(z.string(), z.string()).optional(),
    area: MultiPolygon.optional(),
  }),
  z.looseObject({
    type: z.literal('ProposalReceived'),
    incidentId: IncidentId,
    itemId: ItemId,
    ...fact,
    /** Absent when the alert that it refers to is unknown. */
    warningId: WarningId.optional(),
    /** Every warning that the references name; more than one = the officer chooses. */
    choices: z.array(WarningId),
    proposes: z.enum(['cancel', 'update']),
    cap: z.looseObject({ sender: z.string(), identifier: z.string(), sent: z.string(), msgType: z.string() }),
    summary: z.string(),
    /** Of a proposed update: what the next version's draft begins with when an officer confirms. */
    draft: z.looseObject(DraftContent.shape).optional(),
    origin: CapOrigin.optional(),
  }),
  z.looseObject({
    type: z.literal('ProposalConfirmed'),
    incidentId: IncidentId,
    itemId: ItemId,
    ...fact,
    warningId: WarningId,
    reason: z.string().optional(),
  }),
  z.looseObject({
    type: z.literal('ProposalDismissed'),
    incidentId: IncidentId,
    itemId: ItemId,
    ...fact,
    reason: z.string().optional(),
  }),
]);
export type IncidentEvent = z.infer<typeof IncidentEvent>;
