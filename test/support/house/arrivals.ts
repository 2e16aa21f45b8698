import type { Arrival } from '#practice';
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
