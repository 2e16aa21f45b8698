import { z } from 'zod';
import { IncidentType, MultiPolygon, publicText, writtenText } from '#contracts';

/** Opens an incident; `methane` is the responders' report (M/ETHANE), each letter with its text. */
export const OpenIncident = z.strictObject({
  type: IncidentType,
  name: writtenText(200),
  methane: z.record(z.string().min(1).max(40), publicText(2_000)).optional(),
  leadAgency: writtenText(200),
  area: MultiPolygon.optional(),
});
export type OpenIncident = z.infer<typeof OpenIncident>;

/** What opening one answers. */
export const IncidentAnswer = z.object({ id: z.string(), revision: z.number().int().positive() });
