import type { Arrival, PostFact } from '#practice';
import type { RunningHouse } from './form.js';

/** Everything that the practice world has on record, oldest first: the outside's own word for what arrived. */
export async function arrivals({ urls }: RunningHouse): Promise<Arrival[]> {
  const answer = await fetch(`${urls.practice}/practice/arrivals`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Arrival);
}

/** How often each address got a mail, or each telephone a text, that `says` this. */
export function countTo(
  all: readonly Arrival[],
  fact: 'mail' | 'text',
  says: (text: string) => boolean,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) {
    if (one.fact !== fact || !says(one.text)) continue;
    counts.set(one.to, (counts.get(one.to) ?? 0) + 1);
  }
  return counts;
}

/** The posts, oldest first. */
export function postsIn(all: readonly Arrival[]): PostFact[] {
  return all.flatMap((one) => (one.fact === 'post' ? [one] : []));
}

/**
 * Which post of its thread each one answers: the number from 1, 0 for none, and undefined for one that is not of the thread. An account
 * has a thread in each of its languages.
 */
export function answered(posts: readonly PostFact[]): (number | undefined)[] {
  const threadOf = ({ channel, to, language }: PostFact) => `${channel} ${to} ${language ?? ''}`;
  return posts.map((post) => {
    if (post.inReplyTo === undefined) return 0;
    const thread = posts.filter((one) => threadOf(one) === threadOf(post));
    const place = thread.findIndex(({ id }) => id === post.inReplyTo);
    return place < 0 ? undefined : place + 1;
  });
}
