import type { Arrival } from '#practice';

export type TalliedChannel = 'social' | 'email' | 'sms';
/** One row of a channel's own delivery table. */
export type DeliveryRow = {
  channel: TalliedChannel;
  deliveryId: string;
  version: number;
  act: 'issue' | 'cancel';
  /** The subscriber, or the account. */
  target: string;
  state: string;
  /** How often nobody could tell whether it had left. */
  unknowns: number;
  /** What the other side calls it; null when it has not said. */
  refId: string | null;
};

/** What the channels say, and what the outside says. */
export type Evidence = {
  rows: readonly DeliveryRow[];
  /** Since the warning was issued, from the practice world's own journal. */
  arrived: readonly Arrival[];
  /** For `<telephone> <reference>` of a text the delivery that it is: how the SMS channel numbered it. */
  texts: ReadonlyMap<string, string>;
  /** People of each list who live in the area and may be written to, found by other code than the one under test. */
  inside: Readonly<Record<'email' | 'sms', ReadonlySet<string>>>;
};

/** A step of a warning's life, as its rows name it. */
export type TalliedStep = `version ${number}` | 'cancel';

/** What a table shows of it. Doubled: sent again under the mark `unknown`, as the policy for grave warnings demands. */
export type Tally = {
  deliveries: number;
  arrived: number;
  unknown: number;
  doubled: number;
  /** Broken promises, in sentences; none is what is promised. */
  broken: string[];
};

/**
 * Deliveries of one list that one kill may leave in doubt: the two windows of 25 that a process has armed in a lane, as the README of
 * `libs/channel` promises. Written here once more, and not imported: who raises it there breaks a promise here.
 */
export const MOST_IN_DOUBT = 50;

const FINAL = ['accepted', 'refused', 'suppressed', 'cancelled', 'expired', 'unknown'];

/**
 * Joins what arrived outside with what the channels have on record (RELIABILITY §1, I1 and I2): each recipient has exactly one final
 * state, who is called accepted got it, who is not did not, and nobody got it twice unless that delivery is marked unknown. Those are few:
 * one life of a warning has one kill in it. `steps` are those that every channel owes: one that was planned for nobody has no rows to tell.
 */
export function tally({ rows, arrived, texts, inside }: Evidence, steps: readonly TalliedStep[]): Tally {
  const broken: string[] = [];
  const counts = new Map<string, number>();
  const byRef = new Map(rows.flatMap((row) => (row.refId === null ? [] : [[row.refId, row] as const])));
  const byId = new Map(rows.map((row) => [row.deliveryId, row]));
  const loose: Arrival[] = [];
  let landed = 0;
  for (const one of arrived) {
    if (one.fact !== 'mail' && one.fact !== 'text' && one.fact !== 'post') continue;
    landed += 1;
    const id = deliveryOf(one, texts, byRef);
    if (id === undefined || !byId.has(id)) loose.push(one);
    else counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  // A post whose answer was lost has no reference: as many may stand there as posts are marked.
  const markedPosts = rows.filter(({ channel, unknowns }) => channel === 'social' && unknowns > 0).length;
  const loosePosts = loose.filter(({ fact }) => fact === 'post').length;
  if (loosePosts > markedPosts)
    broken.push(`${loosePosts} posts belong to no delivery, and ${markedPosts} are marked unknown`);
  for (const one of loose)
    if (one.fact !== 'post') broken.push(`${one.fact} to ${one.to} belongs to no delivery`);
  for (const row of rows) broken.push(...ofOne(row, counts.get(row.deliveryId) ?? 0));
  broken.push(...manyInDoubt(rows));
  for (const channel of ['email', 'sms'] as const)
    broken.push(...lost(rows, channel, inside[channel], steps));
  return {
    deliveries: rows.length,
    arrived: landed,
    unknown: rows.filter(({ unknowns }) => unknowns > 0).length,
    doubled: [...counts.values()].filter((times) => times > 1).length,
    broken,
  };
}

/** Of a list, more than the windows that were armed; of posts, more than one per account, since an account posts one at a time. */
function manyInDoubt(rows: readonly DeliveryRow[]): string[] {
  const accounts = new Set(rows.flatMap(({ channel, target }) => (channel === 'social' ? [target] : [])));
  const most = { email: MOST_IN_DOUBT, sms: MOST_IN_DOUBT, social: accounts.size };
  return (['email', 'sms', 'social'] as const).flatMap((channel) => {
    const marked = rows.filter((row) => row.channel === channel && row.unknowns > 0).length;
    return marked <= most[channel]
      ? []
      : [`${channel}: ${marked} deliveries were in doubt, at most ${most[channel]} are promised`];
  });
}

function deliveryOf(
  one: Arrival,
  texts: Evidence['texts'],
  byRef: ReadonlyMap<string, DeliveryRow>,
): string | undefined {
  if (one.fact === 'mail') return /dlv_[0-9a-f]{32}/.exec(one.key)?.[0];
  if (one.fact === 'text') return texts.get(`${one.to} ${one.key}`);
  return one.fact === 'post' ? byRef.get(one.id)?.deliveryId : undefined;
}

function ofOne({ channel, deliveryId, version, act, state, unknowns }: DeliveryRow, times: number): string[] {
  const name = `${channel} ${act} of version ${version}, ${deliveryId}`;
  if (!FINAL.includes(state)) return [`${name}: ${state} is no final state`];
  if (times > 1 + unknowns) return [`${name}: arrived ${times} times, in doubt ${unknowns} times`];
  if (state === 'accepted' && times === 0) return [`${name}: accepted, and nothing arrived`];
  if (state === 'unknown' && unknowns === 0) return [`${name}: unknown without its mark`];
  if (!['accepted', 'unknown'].includes(state) && times > 0 && unknowns === 0)
    return [`${name}: ${state}, and it arrived`];
  return [];
}

/** Who lives there and has no row, and who once may have got it and is not told what followed. */
function lost(
  rows: readonly DeliveryRow[],
  channel: 'email' | 'sms',
  inside: ReadonlySet<string>,
  owedSteps: readonly TalliedStep[],
): string[] {
  const found: string[] = [];
  const steps = new Map<string, Set<string>>(owedSteps.map((step) => [step, new Set()]));
  const mine = rows.filter((row) => row.channel === channel);
  for (const row of mine) {
    const step = row.act === 'cancel' ? 'cancel' : `version ${row.version}`;
    const told = steps.get(step) ?? new Set();
    if (told.has(row.target)) found.push(`${channel} ${step}: two rows for ${row.target}`);
    steps.set(step, told.add(row.target));
  }
  const warned = mine.filter(
    ({ version, act, state, unknowns }) =>
      version === 1 && act === 'issue' && (state === 'accepted' || unknowns > 0),
  );
  for (const [step, told] of steps) {
    const owed = step === 'version 1' ? [...inside] : warned.map(({ target }) => target);
    const missing = owed.filter((person) => inside.has(person) && !told.has(person)).length;
    if (missing > 0) found.push(`${channel} ${step}: ${missing} people are lost`);
  }
  return found;
}
