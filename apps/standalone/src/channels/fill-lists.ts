import { Readable } from 'node:stream';
import { importSubscribers, Subscribers } from '#audience';
import type { ListChannel } from '#contracts';
import type { Database } from '#postgres';
import type { PracticeRecipient } from '#practice';

/** Which schema holds the list of which channel. */
const SCHEMAS = { email: 'channel_email', sms: 'channel_sms' } as const satisfies Record<ListChannel, string>;

/** Gives both lists the people of the exercise, if they are empty: by the same import that an operator uses. */
export async function fillLists(db: Database, people: readonly PracticeRecipient[]): Promise<void> {
  for (const channel of ['email', 'sms'] as const) {
    const schema = SCHEMAS[channel];
    if ((await new Subscribers(db, schema).count()).all > 0) continue;
    await importSubscribers(db, { schema, channel }, Readable.from([csv(channel, people)]));
  }
}

function csv(channel: ListChannel, people: readonly PracticeRecipient[]): string {
  const lines = people.map(({ address, phone, language, lat, lon }) =>
    [channel === 'email' ? address : phone, language, lat, lon, 'yes'].join(','),
  );
  return [`${channel === 'email' ? 'address' : 'phone'},language,lat,lon,consent`, ...lines, ''].join('\n');
}
