import { bodyForPartners, topicOfType, TYPES_FOR_PARTNERS } from '#contracts';
import { invalidRequest, type TokenHolder } from '#runtime';
import type { ArchivedEvent } from '#stream';

/** Who reads: a partner agency sees what the public may know and how far it got; a reviewer sees everything. */
export type EventAudience = 'partner' | 'reviewer';

/** What the holder of a token may follow; undefined when it may follow nothing. */
export function audienceOf({ roles }: Pick<TokenHolder, 'roles'>): EventAudience | undefined {
  if (roles.includes('reviewer')) return 'reviewer';
  return roles.includes('partner') ? 'partner' : undefined;
}

/**
 * The types, separated by commas, that this audience asks for; undefined for all. Throws a problem that lists those that there are
 * when one of them never comes: a reader of a misspelt type would hear nothing for ever, and take it for peace.
 */
export function typesWished(
  audience: EventAudience,
  asked: string | undefined,
): ReadonlySet<string> | undefined {
  if (asked === undefined) return undefined;
  const wished = asked.split(',');
  const known = audience === 'reviewer' ? [...topicOfType.keys()] : [...TYPES_FOR_PARTNERS];
  const never = wished.filter((type) => !known.includes(type));
  if (never.length === 0) return new Set(wished);
  const message = `no event of the type ${never.join(' or ')} is ever brought to you; there are ${known.join(', ')}`;
  throw invalidRequest([{ path: ['types'], message }]);
}

const utf8 = new TextDecoder();

/**
 * The body of an event as this audience may see it, or undefined when it may not. A body that is not JSON is null for
 * reviewers and nothing for partners: one broken event must not end the stream for everyone who comes past it.
 */
export function bodyFor(audience: EventAudience, { type, value }: ArchivedEvent): unknown {
  const body = jsonOf(value);
  return audience === 'reviewer' ? body : bodyForPartners(type, body);
}

function jsonOf(value: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(value)) as unknown;
  } catch {
    return null;
  }
}
