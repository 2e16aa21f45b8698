import { bodyForPartners } from '#contracts';
import type { ArchivedEvent } from '#stream';

/** Who reads: a partner agency sees what the public may know and how far it got; a reviewer sees everything. */
export type EventAudience = 'partner' | 'reviewer';

const utf8 = new TextDecoder();

/** The body of an event as this audience may see it, or undefined when it may not. */
export function bodyFor(audience: EventAudience, event: ArchivedEvent): unknown {
  const body = JSON.parse(utf8.decode(event.value)) as unknown;
  return audience === 'reviewer' ? body : bodyForPartners(event.type, body);
}
