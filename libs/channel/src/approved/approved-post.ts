import { deliveryId, textHash } from '#runtime';
import type { PostRef, SendRefusal } from '../adapter/outcome.js';
import type { ApprovedPart, SocialAccount } from '../adapter/social-adapter.js';
import type { TakenChunk } from '../chunks/chunk-store.js';
import { accountParts, type AccountPart } from '../posting/account-parts.js';
import type { PostRow, PostStore } from '../posting/post-store.js';

/** A post with the text that was approved for it. `answersEarlier`: what it answers belongs to an earlier version, and may be gone by now. */
export type Sendable = { account: SocialAccount; part: ApprovedPart; answersEarlier: boolean };

/** Why nothing is sent of a post, for good. `suppressed`: nothing is wrong, and there is nothing to say any more. */
export type NotSendable = { state: 'refused' | 'suppressed'; reason: SendRefusal; detail: string };

/** The post with what it answers: the part before it, else the first post of the warning here; or why it is not to be sent. */
export async function approvedPost(
  chunk: TakenChunk,
  account: SocialAccount | undefined,
  post: PostRow,
  store: Pick<PostStore, 'all' | 'firstPost'>,
): Promise<Sendable | NotSendable> {
  const { key, sending, accountId } = chunk;
  const of = { ...key, channel: 'social', target: accountId, part: post.part };
  if (chunk.tampered === true || deliveryId(of) !== post.deliveryId)
    return refused('what is kept of it is not what was approved and planned');
  if (account === undefined) return refused('this service has no such account');
  const before = (await store.all(key)).filter(
    ({ language, part }) => language === post.language && part < post.part,
  );
  const text = textsOf(chunk, post).find(({ inLanguage }) => inLanguage === before.length + 1);
  if (text === undefined && post.standsAlone && before.length > 0)
    return { state: 'suppressed', reason: 'target-gone', detail: 'what stands alone takes fewer posts' };
  if (text === undefined || textHash(text.text) !== text.sha256)
    return refused('no text was approved for it');
  if (before.at(-1)?.state === 'refused') return refused('the post before it was refused', 'target-gone');
  const answered =
    post.answers === null || post.standsAlone
      ? undefined
      : await store.firstPost(post.answers, post.language);
  const refs = before.flatMap(({ ref }): PostRef[] => (ref === null ? [] : [ref]));
  const [parent, root] = [refs.at(-1) ?? answered, answered ?? refs[0]];
  const part: ApprovedPart = {
    deliveryId: post.deliveryId,
    account: account.account,
    mode: sending.mode,
    warningId: key.warningId,
    version: key.version,
    act: key.act,
    language: post.language,
    part: post.part,
    text: text.text,
    sha256: text.sha256,
    entities: text.entities,
    issuedAt: sending.issuedAt,
    media: text.inLanguage === 1 && key.act === 'issue' ? sending.media : [],
    replyTo: parent === undefined || root === undefined ? null : { root, parent },
  };
  return { account, part, answersEarlier: parent !== undefined && parent === answered };
}

/** The approved texts of the post's language, in order: those it was planned with, or those that stand alone once it has to. */
export function textsOf(
  { key, texts, accountId }: Pick<TakenChunk, 'key' | 'texts' | 'accountId'>,
  { language, variant, standsAlone }: Pick<PostRow, 'language' | 'variant' | 'standsAlone'>,
): AccountPart[] {
  const wished = { accountId, act: key.act, variant: standsAlone ? ('alone' as const) : variant };
  return accountParts(texts, wished).filter((one) => one.language === language);
}

const refused = (detail: string, reason: SendRefusal = 'invalid'): NotSendable => ({
  state: 'refused',
  reason,
  detail,
});
