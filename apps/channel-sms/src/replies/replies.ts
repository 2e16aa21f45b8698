import type { Subscribers } from '#audience';
import type { ChannelRecord, Fact } from '#channel';
import type { AccountId, IncidentId, WarningId } from '#contracts';
import { quoted, type AlsoWrite, type Database } from '#postgres';
import { newId, type Log } from '#runtime';
import type { IncomingText } from './incoming-text.js';
import { keywordOf } from './keywords.js';
import type { LongTexts } from './long-texts.js';

export type RepliesParts = {
  db: Database;
  record: ChannelRecord;
  subscribers: Subscribers;
  long: LongTexts;
  accountId: AccountId;
  log: Log;
};

/** How far back an answer may belong to a warning: a day, as long as a warning is withdrawn (DESIGN §3 P7). */
const ABOUT = "interval '24 hours'";

/**
 * What the public answers. STOP and START take effect at once; every text, keyword or not, goes to the inbox as
 * `InboundReceived`, without the number, which stays in this service.
 */
export class Replies {
  constructor(private readonly parts: RepliesParts) {}

  /** Takes in one text or one part of one. When it resolves it is stored for good. */
  async take(incoming: IncomingText): Promise<void> {
    if (incoming.joined === undefined) return this.whole(incoming.from, incoming.text);
    const long = await this.parts.long.keep({ ...incoming, joined: incoming.joined });
    if (long !== undefined) await this.whole(long.from, long.text, [long.taken]);
  }

  /** Shows longer texts whose last part never came. Returns how many. */
  async takeIncomplete(waitMs?: number): Promise<number> {
    let shown = 0;
    for (const { from, text, taken } of await this.parts.long.incomplete(waitMs)) {
      try {
        await this.whole(from, text, [taken]);
        shown += 1;
      } catch (error) {
        this.parts.log.warn({ error }, 'a long text could not be stored and is tried again');
      }
    }
    return shown;
  }

  private async whole(from: string, text: string, taken: readonly AlsoWrite[] = []): Promise<void> {
    const { record, subscribers, accountId, log } = this.parts;
    const keyword = keywordOf(text);
    const person = await subscribers.byAddress(from);
    if (person !== undefined && keyword === 'stop') {
      await subscribers.suppress(person.subscriberId, 'opted-out', `wrote ${text.slice(0, 40)}`);
    }
    if (person !== undefined && keyword === 'start') await subscribers.lift(person.subscriberId);
    const about = person === undefined ? undefined : await this.lastWarning(person.subscriberId);
    const itemId = newId('itm');
    const at = record.clock.now();
    const fact: Fact = {
      type: 'InboundReceived',
      itemId,
      channel: 'sms',
      accountId,
      ...about,
      at,
      text,
      ...(keyword === undefined ? {} : { keyword }),
    };
    const author = {
      sql: `insert into ${quoted(record.schema)}.answered_by (item_id, address) select $1::text, $2::text from turn`,
      params: [itemId, from],
    };
    await record.appendAt([record.newEvent(itemId, 1, fact)], [author, ...taken]);
    log.info({ itemId, keyword: keyword ?? null, known: person !== undefined, ...about }, 'a text came in');
  }

  /**
   * The newest warning that may have reached this person lately: what an answer without a subject is most likely about. It may come
   * before the gateway has said, or this process has noted, that the warning was taken: then its window is still open.
   */
  private async lastWarning(
    subscriberId: string,
  ): Promise<{ warningId: WarningId; incidentId: IncidentId } | undefined> {
    const { db, record } = this.parts;
    const schema = quoted(record.schema);
    const [found] = await db.query<{ warningId: WarningId; incidentId: IncidentId }>(
      `select d.warning_id as "warningId", p.incident_id as "incidentId"
       from ${schema}.delivery d join ${schema}.plan p using (warning_id, version, act)
       where d.target = $1
         and (d.state in ('accepted', 'unknown') and d.settled_at > clock_timestamp() - ${ABOUT}
           or exists (select from ${schema}.armed a where a.settled_at is null and d.delivery_id = any (a.deliveries)
             and (a.warning_id, a.version, a.act, a.chunk) = (d.warning_id, d.version, d.act, d.chunk)))
       order by d.settled_at desc nulls first limit 1`,
      [subscriberId],
    );
    return found;
  }
}
