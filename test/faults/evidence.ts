import type { Arrival } from '#practice';
import { Database } from '#postgres';
import { silentLog } from '#runtime';
import { floodContent } from '../../apps/standalone/src/exercise/flood-content.js';
import type { RunningHouse } from '../support/house/form.js';
import type { ChannelRow } from '../support/house/officers.js';
import type { DeliveryRow, Evidence, TalliedChannel } from './tally.js';

export const CHANNELS = ['social', 'email', 'sms'] as const;

type Counts = Record<'mastodon' | 'bluesky' | 'email' | 'sms', { arrived: number; refused: number }>;

/** How much came to the practice world so far, refusals included, of some channels or of all: of all it is also the position of the next arrival. */
export async function arrivedSoFar(
  { urls }: RunningHouse,
  channels: readonly TalliedChannel[] = CHANNELS,
): Promise<number> {
  const answer = await fetch(`${urls.practice}/practice/counts`);
  const { mastodon, bluesky, email, sms } = (await answer.json()) as Counts;
  const counts = { social: [mastodon, bluesky], email: [email], sms: [sms] };
  return channels
    .flatMap((channel) => counts[channel])
    .reduce((sum, { arrived, refused }) => sum + arrived + refused, 0);
}

/** What arrived from a position on. */
export async function arrivedSince({ urls }: RunningHouse, from: number): Promise<Arrival[]> {
  const answer = await fetch(`${urls.practice}/practice/arrivals?from=${from}`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Arrival);
}

const [ring = []] = floodContent('first', 0).area.geometry.coordinates[0] ?? [];

/** Even-odd rule, by other code than the one under test. */
function isInside(lon: number, lat: number): boolean {
  let inside = false;
  ring.forEach(([x1, y1], n) => {
    const [x2, y2] = ring[(n + 1) % ring.length] ?? [0, 0];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

/** What the channels' databases say of one warning, beside what arrived from position `from` on. */
export async function evidenceOf(house: RunningHouse, warningId: string, from: number): Promise<Evidence> {
  const rows: DeliveryRow[] = [];
  const inside = { email: new Set<string>(), sms: new Set<string>() };
  const texts = new Map<string, string>();
  for (const channel of CHANNELS) {
    const schema = `channel_${channel}`;
    const url = house.databaseUrl(`channel-${channel}`);
    const db = await Database.open({ url, max: 1, log: silentLog });
    try {
      rows.push(...(await rowsOf(db, schema, channel, warningId)));
      if (channel === 'social') continue;
      for (const { id, lon, lat } of await db.query<{ id: string; lon: number; lat: number }>(
        `select subscriber_id as id, place[0] as lon, place[1] as lat from ${schema}.subscriber
         where suppressed is null and consented_at is not null and place is not null`,
      ))
        if (isInside(lon, lat)) inside[channel].add(id);
      if (channel === 'sms')
        for (const { phone, reference, deliveryId } of await numbered(db, schema))
          texts.set(`${phone} ${reference}`, deliveryId);
    } finally {
      await db.close();
    }
  }
  return { rows, inside, texts, arrived: await arrivedSince(house, from) };
}

function rowsOf(db: Database, schema: string, channel: TalliedChannel, warningId: string) {
  return db.query<DeliveryRow>(
    `select '${channel}' as channel, delivery_id as "deliveryId", version, act, target, state, unknowns, ref->>'id' as "refId"
     from ${schema}.delivery where warning_id = $1`,
    [warningId],
  );
}

/** A text carries its number and no name: the channel keeps which delivery has it. */
function numbered(db: Database, schema: string) {
  return db.query<{ phone: string; reference: string; deliveryId: string }>(
    `select replace(s.address, '+', '') as phone, (r.reference % 65536)::text as reference,
       split_part(r.message_key, '/', 1) as "deliveryId"
     from ${schema}.message_reference r join ${schema}.subscriber s on s.subscriber_id = r.recipient`,
  );
}

/** Where a report and the channel's own rows differ, in sentences. */
export function differences(
  rows: readonly DeliveryRow[],
  of: { version: number; act: 'issue' | 'cancel' },
  reported: readonly ChannelRow[],
): string[] {
  return reported.flatMap(({ channel, planned, states, wasUnknown }) => {
    const mine = rows.filter(
      (row) =>
        row.channel === channel && row.act === of.act && (of.act === 'cancel' || row.version === of.version),
    );
    const counted: Record<string, number> = Object.fromEntries(
      Object.keys(states).map((state) => [state, 0]),
    );
    for (const { state } of mine) counted[state] = (counted[state] ?? 0) + 1;
    const told = JSON.stringify([planned, states, wasUnknown]);
    const kept = JSON.stringify([mine.length, counted, mine.filter(({ unknowns }) => unknowns > 0).length]);
    return told === kept
      ? []
      : [`${channel} ${of.act} of version ${of.version}: reported ${told}, kept ${kept}`];
  });
}
