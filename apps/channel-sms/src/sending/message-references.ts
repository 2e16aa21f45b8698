import { quoted, type Database } from '#postgres';

/** Whom one joined message goes to. */
export type Joined = { messageKey: string; recipient: string };

/**
 * The numbers that join the parts of a message on a phone. Counted per recipient, so that no two messages to one person
 * share one before 256 (or 65,536) others have gone; kept per message, so that a repeat joins with what came before.
 */
export class MessageReferences {
  private readonly table: string;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.table = `${quoted(schema)}.message_reference`;
  }

  /** A number per message, new ones counted on; the caller cuts it to the bits that its gateway has. */
  async of(messages: readonly Joined[]): Promise<ReadonlyMap<string, number>> {
    if (messages.length === 0) return new Map();
    const rows = await this.db.query<{ message_key: string; reference: number }>(
      `with asked as (select * from unnest($1::text[], $2::text[]) as a (message_key, recipient)),
       kept as (select r.message_key, r.reference from ${this.table} r join asked using (message_key)),
       fresh as (
         insert into ${this.table} (message_key, recipient, reference)
         select a.message_key, a.recipient,
           coalesce((select max(reference) from ${this.table} r where r.recipient = a.recipient), -1)
             + row_number() over (partition by a.recipient order by a.message_key)
         from asked a where not exists (select from kept k where k.message_key = a.message_key)
         on conflict do nothing
         returning message_key, reference)
       select * from kept union all select * from fresh`,
      [messages.map(({ messageKey }) => messageKey), messages.map(({ recipient }) => recipient)],
    );
    const found = new Map(rows.map((row) => [row.message_key, row.reference]));
    const missed = messages.filter(({ messageKey }) => !found.has(messageKey));
    // Another worker counted on for the same person at this moment: count again, after it.
    return missed.length === 0 ? found : new Map([...found, ...(await this.of(missed))]);
  }
}
