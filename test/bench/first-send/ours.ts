import { setTimeout as sleep } from 'node:timers/promises';
import { toInstant, type WarningContent } from '#contracts';
import { Database } from '#postgres';
import { silentLog } from '#runtime';
import { floodContent } from '../../../apps/standalone/src/exercise/flood-content.js';
import type { RunningHouse } from '../../support/house/form.js';
import { Officers } from '../../support/house/officers.js';
import { BREATH_MS } from './floor.js';
import type { MailSink } from './mail-sink.js';

/** People of the bench; all of them live in its area. */
export const RECIPIENTS = 200;
/** Warnings before the first that counts: connections and compiled code are warm, as they are in a service that runs. */
const WARM_UP = 20;

/** Where the time goes, in the order of the way; each step ends where the next begins. */
export const STEPS = ['commit', 'relay', 'stream', 'plan', 'arm', 'send'] as const;
/** Milliseconds of every warning: the whole way as the two ends saw it, and its steps by the time stamps in between. */
export type Measured = {
  total: number[];
  steps: Record<(typeof STEPS)[number], number[]>;
  /** How fast the house sent a warning's mails, first to last: the sink must be far faster. */
  mailsPerS: number[];
};

/** When each warning's `WarningIssued` was put on the stream, in milliseconds of the epoch. */
export type PublishedAt = (house: RunningHouse) => Promise<ReadonlyMap<string, number>>;

type Sent = { id: string; askedAt: number; acceptedAt: number };

/**
 * Issues `rounds` warnings one after another, each to everybody, by e-mail, and answers how long each took from sending
 * the approval to the sink's first acceptance. Each is drafted, submitted and read before it is approved, when every mail of the last is in.
 */
export async function ours(
  house: RunningHouse,
  { sink, rounds, publishedAt }: { sink: MailSink; rounds: number; publishedAt: PublishedAt },
): Promise<Measured> {
  const officers = new Officers(house);
  const incidentId = await officers.incident('first send');
  const sent: Sent[] = [];
  const mailsPerS: number[] = [];
  for (let n = 0; n < rounds + WARM_UP; n += 1) {
    const { id, revision } = await officers.draft(incidentId, toEverybody());
    const hashes = await officers.submit(id, revision);
    await sleep(BREATH_MS);
    const before = sink.accepted;
    const toEpoch = await epochOffset();
    const askedAt = performance.now();
    const first = sink.firstOf(id);
    await officers.ask(202, 'approver', 'POST', `/v1/warnings/${id}/approve`, hashes);
    const acceptedAt = await first;
    await sink.reaches(before + RECIPIENTS);
    mailsPerS.push(((RECIPIENTS - 1) / (performance.now() - acceptedAt)) * 1_000);
    if (n >= WARM_UP) sent.push({ id, askedAt: askedAt + toEpoch, acceptedAt: acceptedAt + toEpoch });
    progress(house.form, 'sent', n + 1, rounds + WARM_UP);
  }
  const total = sent.map(({ askedAt, acceptedAt }) => acceptedAt - askedAt);
  return { total, steps: await stepsOf(house, sent, await publishedAt(house)), mailsPerS };
}

function toEverybody(): WarningContent {
  const content = floodContent('first', Date.now());
  const ring: [number, number][] = [
    [-4.2, 52.9],
    [-3.4, 52.9],
    [-3.4, 53.4],
    [-4.2, 53.4],
    [-4.2, 52.9],
  ];
  const geometry = { type: 'MultiPolygon' as const, coordinates: [[ring]] };
  return {
    ...content,
    area: { ...content.area, geometry },
    channels: ['email'],
    expiresAt: toInstant(Date.now() + 4 * 3_600_000),
  };
}

/** What `performance.now()` lacks to the clock that PostgreSQL reads: taken at a tick, since `Date` has whole milliseconds. */
async function epochOffset(): Promise<number> {
  const now = Date.now();
  let tick = Date.now();
  while (tick === now) tick = Date.now();
  return tick - performance.now();
}

async function stepsOf(
  house: RunningHouse,
  sent: readonly Sent[],
  published: ReadonlyMap<string, number>,
): Promise<Measured['steps']> {
  const recorded = await stamps(
    house,
    'incident-command',
    `select stream_id as id, ${epoch('recorded_at')} as at
    from incident_command.event where type = 'WarningIssued'`,
  );
  const arrived = await stamps(
    house,
    'channel-email',
    `select warning_id as id, ${epoch('arrived_at')} as at from channel_email.sending`,
  );
  const planned = await stamps(
    house,
    'channel-email',
    `select body->>'warningId' as id, ${epoch('min(recorded_at)')} as at
    from channel_email.event where type = 'ChunkPlanned' group by 1`,
  );
  const armed = await stamps(
    house,
    'channel-email',
    `select warning_id as id, ${epoch('min(armed_at)')} as at
    from channel_email.armed group by 1`,
  );
  const steps: Measured['steps'] = { commit: [], relay: [], stream: [], plan: [], arm: [], send: [] };
  for (const { id, askedAt, acceptedAt } of sent) {
    const ends = [recorded, published, arrived, planned, armed].map((at) => at.get(id) ?? Number.NaN);
    let began = askedAt;
    for (const [n, step] of STEPS.entries()) {
      const ended = ends[n] ?? acceptedAt;
      steps[step].push(ended - began);
      began = ended;
    }
  }
  return steps;
}

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** A moment of each warning as an app's database has it. */
export async function stamps(house: RunningHouse, app: string, sql: string): Promise<Map<string, number>> {
  const db = await Database.open({ url: house.databaseUrl(app), max: 1, log: silentLog });
  try {
    const rows = await db.query<{ id: string; at: number }>(sql);
    return new Map(rows.map(({ id, at }) => [id, at]));
  } finally {
    await db.close();
  }
}

function progress(form: string, what: string, done: number, of: number): void {
  if (done % 50 === 0 || done === of) process.stderr.write(`${form}: ${done} of ${of} warnings ${what}\n`);
}
