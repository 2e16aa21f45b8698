import { z } from 'zod';
import { Reason, WarningId } from '#contracts';

/** Yes: what is proposed is done. `warningId` chooses where the proposal names several warnings, or none. */
export const ConfirmProposal = z.strictObject({ reason: Reason.optional(), warningId: WarningId.optional() });
export type ConfirmProposal = z.infer<typeof ConfirmProposal>;

/** No: nothing is done. */
export const DismissProposal = z.strictObject({ reason: Reason.optional() });
export type DismissProposal = z.infer<typeof DismissProposal>;

/** Which proposals a list shows; those that wait, unless it says otherwise. */
export const ProposalsAsked = z.strictObject({
  state: z.enum(['waiting', 'confirmed', 'dismissed']).default('waiting'),
});
export type ProposalsAsked = z.infer<typeof ProposalsAsked>;

/** What a verdict answers. */
export const VerdictAnswer = z.object({
  id: z.string(),
  incidentId: z.string(),
  state: z.enum(['confirmed', 'dismissed']),
  warningId: z.string().nullable(),
  version: z.number().int().positive().nullable(),
});
