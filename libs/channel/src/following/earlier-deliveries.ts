import type { AccountId, ComposedText, WarningId } from '#contracts';
import type { Database } from '#postgres';
import type { OpenPlan, PlanKey } from '../planning/open-plan.js';
import type { ChunkKey } from '../record/channel-record.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

/** Beyond every chunk number: "before the first chunk of the version below". */
const NO_CHUNK = 2_147_483_647;

/** What this channel has on record of a warning's deliveries: who had an earlier version, or may have. Reads only. */
export class EarlierDeliveries {
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.tables = tablesOf(schema);
  }

  /** The chunk of an earlier version that follows `last`, newest version first, with its targets; the first one without `last`. */
  async chunkAfter(
    plan: OpenPlan,
    last: { version: number; chunk: number } | undefined,
  ): Promise<(ChunkKey & { targets: string[] }) | undefined> {
    const newest = { version: plan.act === 'cancel' ? plan.version + 1 : plan.version, chunk: NO_CHUNK };
    const { version, chunk } = last ?? newest;
    const [row] = await this.db.query<{ version: number; chunk: number }>(
      `select version, chunk from ${this.tables.chunk} where warning_id = $1 and act = 'issue' and version > $2
         and (version, -chunk) < ($3, -$4::integer) order by version desc, chunk limit 1`,
      [plan.warningId, plan.fromVersion, version, chunk],
    );
    if (row === undefined) return undefined;
    const targets = await this.db.query<{ target: string }>(
      `select target from ${this.tables.delivery} where warning_id = $1 and version = $2 and act = 'issue' and chunk = $3 order by ordinal`,
      [plan.warningId, row.version, row.chunk],
    );
    return {
      warningId: plan.warningId,
      act: 'issue',
      ...row,
      targets: [...new Set(targets.map(({ target }) => target))],
    };
  }

  /** What stands of these deliveries: their states, and whether an open window holds them. */
  async standing(
    ids: readonly string[],
  ): Promise<Map<string, { version: number; state: string; unknowns: number; language: string }>> {
    const rows = await this.db.query<{
      id: string;
      version: number;
      state: string;
      unknowns: number;
      language: string;
    }>(
      `select delivery_id as id, version, state, unknowns, language from ${this.tables.delivery} where delivery_id = any($1)`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /**
   * Who got an earlier version, or may have: how many recipients or accounts, and an account of theirs to report under. Undefined while
   * something of it is on its way out.
   */
  async leftWith({
    warningId,
    version,
  }: PlanKey): Promise<{ targets: number; accountId: AccountId | null } | undefined> {
    if ((await this.inFlight(warningId)).size > 0) return undefined;
    const [row] = await this.db.query<{ targets: number; accountId: AccountId | null }>(
      `select count(distinct d.target)::int as targets, min(c.account_id) as "accountId"
       from ${this.tables.delivery} d join ${this.tables.chunk} c using (warning_id, version, act, chunk)
       where d.warning_id = $1 and d.version < $2 and d.act = 'issue'
         and (d.state in ('accepted', 'unknown') or d.unknowns > 0)`,
      [warningId, version],
    );
    return row ?? { targets: 0, accountId: null };
  }

  /**
   * The cancel texts of accounts that an earlier version was for and the one with the plan's own texts was not: a cancel goes wherever
   * something was shown (DESIGN §3 P7), with what was approved last for that account. Empty for what is not a cancel.
   */
  async withdrawnElsewhere({
    warningId,
    version,
    act,
    fromVersion,
    composed,
  }: OpenPlan): Promise<ComposedText[]> {
    if (act !== 'cancel') return [];
    const versions = await this.db.query<{ composed: ComposedText[] }>(
      `select composed from ${this.tables.sending}
       where warning_id = $1 and act = 'issue' and version > $2 and version <= $3 order by version desc`,
      [warningId, fromVersion, version],
    );
    const named = new Set((composed ?? []).map(({ accountId }) => accountId));
    return versions.flatMap(({ composed: texts }) => {
      const others = texts.filter(({ accountId }) => !named.has(accountId));
      for (const { accountId } of others) named.add(accountId);
      return others.filter((text) => text.act === 'cancel');
    });
  }

  /** Deliveries of a warning that are armed now and have no outcome yet: they may be arriving. */
  async inFlight(warningId: WarningId): Promise<Set<string>> {
    const rows = await this.db.query<{ deliveries: string[] }>(
      `select deliveries from ${this.tables.armed} where warning_id = $1 and act = 'issue' and settled_at is null`,
      [warningId],
    );
    return new Set(rows.flatMap(({ deliveries }) => deliveries));
  }
}
