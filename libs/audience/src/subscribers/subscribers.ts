import type { MultiPolygon } from '#contracts';
import { quoted, type Database } from '#postgres';
import { areaProblem } from '../area/area-problem.js';
import { insideArea } from '../area/inside.js';

/** Why somebody gets nothing, although their point lies in the area. */
export type Suppression = 'opted-out' | 'bounced' | 'complained';

/** One person on a list channel. */
export type Subscriber = {
  subscriberId: string;
  /** E-mail address, or number in E.164. */
  address: string;
  language: string;
  /** Null: may be written to. */
  suppressed: Suppression | null;
};

/** An area that must not be used to look anybody up. A person must draw it again; trying again changes nothing. */
export class AreaRefused extends Error {
  override readonly name = 'AreaRefused';
}

/** What is in force now by the database's clock: a suppression for a time ends by itself, on every replica at once. */
const IN_FORCE = '(case when suppressed_until <= clock_timestamp() then null else suppressed end)';
const COLUMNS = `subscriber_id as "subscriberId", address, language, ${IN_FORCE} as suppressed`;

/** The subscribers of one list channel, in that channel's own schema. */
export class Subscribers {
  private readonly table: string;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.table = `${quoted(schema)}.subscriber`;
  }

  /**
   * Everybody whose point lies in `area`, suppressed ones included and marked, in the order of their ids: up to `limit`
   * of those after `after`. The boundary counts as inside. Throws `AreaRefused` for an area that is missing, empty or broken.
   */
  async inArea(area: unknown, after: string | null, limit: number): Promise<Subscriber[]> {
    const problem = areaProblem(area);
    if (problem !== undefined) throw new AreaRefused(problem);
    const inside = insideArea(area as MultiPolygon, 2);
    return this.db.query<Subscriber>(
      `select ${COLUMNS} from ${this.table} where ${inside.sql} and subscriber_id > $1 order by subscriber_id limit $2`,
      [after ?? '', limit, ...inside.params],
    );
  }

  /** Those of `ids` that are still there. */
  async byIds(ids: readonly string[]): Promise<Map<string, Subscriber>> {
    const found = await this.db.query<Subscriber>(
      `select ${COLUMNS} from ${this.table} where subscriber_id = any($1)`,
      [ids],
    );
    return new Map(found.map((subscriber) => [subscriber.subscriberId, subscriber]));
  }

  /** The subscriber with this address or number, in any mixture of upper and lower case. */
  async byAddress(address: string): Promise<Subscriber | undefined> {
    const [found] = await this.db.query<Subscriber>(
      `select ${COLUMNS} from ${this.table} where lower(address) = lower($1)`,
      [address],
    );
    return found;
  }

  /** How many there are, how many of them have no point and so are in no area, and how many are suppressed. */
  async count(): Promise<{ all: number; withoutPoint: number; suppressed: number }> {
    const [row] = await this.db.query<{ all: bigint; withoutPoint: bigint; suppressed: bigint }>(
      `select count(*) as all, count(*) filter (where place is null) as "withoutPoint", count(${IN_FORCE}) as suppressed
       from ${this.table}`,
    );
    return {
      all: Number(row?.all ?? 0),
      withoutPoint: Number(row?.withoutPoint ?? 0),
      suppressed: Number(row?.suppressed ?? 0),
    };
  }

  /** How many have no point; they are in no area, and a plan says so. */
  async withoutPoint(): Promise<number> {
    const [row] = await this.db.query<{ n: bigint }>(
      `select count(*) as n from ${this.table} where place is null`,
    );
    return Number(row?.n ?? 0);
  }

  /**
   * Nothing is sent to this person any more, or for so many days. The first reason stays, but one for good replaces one for a time.
   * `detail` is the evidence. True when it changed something.
   */
  async suppress(
    subscriberId: string,
    because: Suppression,
    detail: string,
    days: number | null = null,
  ): Promise<boolean> {
    const changed = await this.db.execute(
      `update ${this.table} set suppressed = $2, suppressed_at = clock_timestamp(), suppressed_detail = $3,
         suppressed_until = clock_timestamp() + make_interval(days => $4::integer)
       where subscriber_id = $1 and (${IN_FORCE} is null or (suppressed_until is not null and $4::integer is null))`,
      [subscriberId, because, detail.slice(0, 500), days],
    );
    return changed > 0;
  }

  /** The person asked to hear from us again: only what they ended themselves is lifted, never a dead address. */
  async lift(subscriberId: string): Promise<boolean> {
    const changed = await this.db.execute(
      `update ${this.table} set suppressed = null, suppressed_at = null, suppressed_detail = null, suppressed_until = null
       where subscriber_id = $1 and suppressed = 'opted-out'`,
      [subscriberId],
    );
    return changed > 0;
  }
}
