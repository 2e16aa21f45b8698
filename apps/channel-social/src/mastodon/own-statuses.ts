import type { FoundPost, PostRef } from '#channel';
import type { Instant } from '#contracts';
import { z } from 'zod';
import type { PlatformHttp } from '../http/platform-http.js';

/**
 * An id is a string in the Mastodon API; some clones send a number. Digits, ULIDs and flake ids have at most 26 signs: what is much longer,
 * or has controls in it, is none, and must not travel with a report as large as its sender likes.
 */
export const PlatformId = z.union([
  z.string().regex(/^[\x21-\x7e]{1,200}$/),
  z.number().int().transform(String),
]);
/** Where a person looks at the post; one that cannot be an address is as good as none. */
const Shown = z
  .string()
  .regex(/^https?:\/\/[^\s\p{Cc}]{1,2000}$/u)
  .nullish()
  .catch(null);

/** A post as the Mastodon API shows it. */
export const Status = z.looseObject({
  id: PlatformId,
  url: Shown,
  content: z.string().default(''),
  created_at: z.string().default(''),
  in_reply_to_id: PlatformId.nullish(),
});

const Statuses = z.array(Status);
/** Most posts per page (Mastodon API, accounts/:id/statuses). */
const PAGE = 40;
/** More of our own posts than this since the approval are not looked through: then nobody can tell. */
const MOST_PAGES = 5;
/** The instance's clock may be behind ours by this much. */
const SKEW_MS = 5 * 60_000;

export const refOf = ({ id, url }: z.infer<typeof Status>): PostRef =>
  typeof url === 'string' ? { id, url } : { id };

/**
 * Looks for `text` among the account's own posts since `since`: the guard for servers that ignore the idempotency key, and
 * the answer to a lost reply everywhere. `absent` only when every post since then was looked at.
 */
export async function findOwn(
  http: PlatformHttp,
  own: { accountId: string; headers: Readonly<Record<string, string>> },
  wanted: { text: string; since: Instant; answers: string | null },
  signal: AbortSignal,
): Promise<FoundPost> {
  const from = Date.parse(wanted.since) - SKEW_MS;
  const text = comparable(wanted.text);
  let below: string | undefined;
  for (let n = 0; n < MOST_PAGES; n += 1) {
    const heard = await http.call({
      method: 'GET',
      path: `/api/v1/accounts/${encodeURIComponent(own.accountId)}/statuses`,
      query: [
        ['limit', String(PAGE)],
        ['exclude_reblogs', 'true'],
        ...(below === undefined ? [] : ([['max_id', below]] as const)),
      ],
      headers: own.headers,
      signal,
    });
    if (heard.heard !== 'answer' || heard.answer.status !== 200) return { kind: 'cannot-tell' };
    const page = Statuses.safeParse(heard.answer.json).data;
    if (page === undefined) return { kind: 'cannot-tell' };
    const recent = page.filter((status) => !(Date.parse(status.created_at) < from));
    const found = recent.find(
      (status) => comparable(plainText(status.content)) === text && isAbout(status, wanted.answers),
    );
    if (found !== undefined) return { kind: 'found', ref: refOf(found) };
    const last = page.at(-1);
    if (last === undefined || recent.length < page.length || last.id === below) return { kind: 'absent' };
    below = last.id;
  }
  return { kind: 'cannot-tell' };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

// No tag reaches over the next `<`, so that a hostile text costs no more than its length.
/** The text that a post's HTML shows: paragraphs and breaks become line ends, shortened links come back whole. */
export function plainText(html: string): string {
  return html
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<\/p>\s*<p[^<>]*>/gi, '\n\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      if (decimal !== undefined) return character(Number(decimal), whole);
      if (hex !== undefined) return character(Number.parseInt(hex, 16), whole);
      return ENTITIES[String(name).toLowerCase()] ?? whole;
    });
}

const character = (code: number, otherwise: string): string =>
  code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;

/** The same words under another post are another post. Some clones do not tell what a post answers, nor does any once that is gone. */
const isAbout = ({ in_reply_to_id: about }: z.infer<typeof Status>, answers: string | null): boolean =>
  (about ?? answers) === answers;

/**
 * Letters and digits are what a server leaves as they are. White space, quotes, stars and underscores become something else
 * on one clone or the other, links lose their scheme, and mentions are shown without their server.
 */
function comparable(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/(@[\w.-]+)@[\w.-]*\w/gu, '$1')
    .replace(/https?:\/\//gi, '');
  return plain.replace(/[^\p{L}\p{N}]+/gu, '') || plain.trim();
}
