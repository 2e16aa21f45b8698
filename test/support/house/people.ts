import { Readable } from 'node:stream';
import { importSubscribers } from '#audience';
import { Database } from '#postgres';
import type { PracticeRecipient } from '#practice';
import { silentLog } from '#runtime';
import type { RunningHouse } from './form.js';

/** Adds people to both lists, by the import that an operator uses. */
export async function addPeople(house: RunningHouse, people: readonly PracticeRecipient[]): Promise<void> {
  for (const [app, channel, schema, head] of [
    ['channel-email', 'email', 'channel_email', 'address'],
    ['channel-sms', 'sms', 'channel_sms', 'phone'],
  ] as const) {
    const db = await Database.open({ url: house.databaseUrl(app), max: 2, log: silentLog });
    const lines = people.map((one) =>
      [channel === 'email' ? one.address : one.phone, one.language, one.lat, one.lon, 'yes'].join(','),
    );
    const csv = [`${head},language,lat,lon,consent`, ...lines, ''].join('\n');
    await importSubscribers(db, { schema, channel }, Readable.from([csv]));
    await db.close();
  }
}
