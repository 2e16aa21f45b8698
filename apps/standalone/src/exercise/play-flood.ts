import { setTimeout as sleep } from 'node:timers/promises';
import type { ComposedText, WarningContent } from '#contracts';
import type { ReportRow } from './telling/closing-table.js';
import { floodContent } from './flood-content.js';
import type { LarumClient } from './larum-client.js';
import { readOut } from './telling/read-out.js';

/** The people of the exercise. */
export type Officers = { author: LarumClient; approver: LarumClient };

/** What the exercise left behind. */
export type Played = { incidentId: string; warningId: string; report: Report };

type Report = { versions: ReportRow[]; cancel: ReportRow | null };
type Done = { id: string; version: number; revision: number };
type ShownVersion = { version: number; contentHash: string; areaHash: string; composed: ComposedText[] };
type View = { versions: ShownVersion[] };

/** Sending to a few hundred people takes seconds; after this long something is wrong, and the exercise says what. */
const LONGEST_SENDING_MS = 120_000;
const LOOK_EVERY_MS = 250;

/** The exercise could not go on; the message says at which step. */
export class ExerciseStuck extends Error {
  override readonly name = 'ExerciseStuck';
}

/** Where the account of the exercise goes, and how far the live stream has told it (`LiveAccount.told`). */
export type Telling = {
  print: (line: string) => void;
  told: (type: string, version: number) => Promise<void>;
};

/**
 * Plays the flood exercise over the HTTP interface, as officers would: incident, draft, second officer's approval, update,
 * all-clear. `watchMs` is how long the public is watched after each version. Throws `ExerciseStuck` or `Refused`.
 */
export async function playFlood(
  officers: Officers,
  { watchMs, now, ...telling }: Telling & { watchMs: number; now: () => number },
): Promise<Played> {
  const { author } = officers;
  const { print } = telling;
  print('\nANN opens an incident and writes the warning in English and Welsh.');
  const { id: incidentId } = await author.post<{ id: string }>('/v1/incidents', {
    type: 'flood',
    name: 'Llanrwst flood (exercise)',
    leadAgency: 'North Wales Police',
  });
  const draft = await author.post<Done>('/v1/warnings', {
    incidentId,
    content: floodContent('first', now()),
  });
  await issue(officers, draft, telling);
  await settled(author, draft.id, 1);
  print('The warning is out. The public reads, shares and answers …');
  await sleep(watchMs);

  await next(officers, draft.id, floodContent('update', now()), telling);
  await settled(author, draft.id, 2);
  await sleep(watchMs);

  await next(officers, draft.id, floodContent('all-clear', now()), telling);
  await settled(author, draft.id, 3);
  await sleep(watchMs);
  return { incidentId, warningId: draft.id, report: await reportOf(author, draft.id) };
}

async function next(
  officers: Officers,
  warningId: string,
  content: WarningContent,
  telling: Telling,
): Promise<void> {
  telling.print(`\nANN writes the next version: ${content.message}.`);
  const draft = await officers.author.post<Done>(`/v1/warnings/${warningId}/versions`, { content });
  await issue(officers, { ...draft, id: warningId }, telling);
}

async function issue({ author, approver }: Officers, draft: Done, { print, told }: Telling): Promise<void> {
  await author.post(`/v1/warnings/${draft.id}/submit`, { revision: draft.revision });
  const view = await approver.get<View>(`/v1/warnings/${draft.id}`);
  const version = view.versions.find((one) => one.version === draft.version);
  if (version === undefined)
    throw new ExerciseStuck(`version ${draft.version} is not to be seen by the approver`);
  await told('WarningSubmitted', draft.version); // what Ann did stands above what Bob does
  print('BOB reads every text and the area, and approves exactly these. The text message of them:');
  for (const line of readOut(version.composed)) print(line);
  const { contentHash, areaHash } = version;
  await approver.post(`/v1/warnings/${draft.id}/approve`, { contentHash, areaHash });
}

async function reportOf(reader: LarumClient, warningId: string): Promise<Report> {
  return reader.get<Report>(`/v1/warnings/${warningId}/report`);
}

/** Waits until every channel of a version has nothing pending. */
async function settled(reader: LarumClient, warningId: string, version: number): Promise<void> {
  const until = performance.now() + LONGEST_SENDING_MS;
  let open = 'nothing was heard of it yet';
  while (performance.now() < until) {
    await sleep(LOOK_EVERY_MS);
    const { versions } = await reportOf(reader, warningId).catch(() => ({ versions: [] as ReportRow[] }));
    const row = versions.find((one) => one.version === version && one.act === 'issue');
    if (row === undefined) continue;
    const unfinished = row.channels.filter(
      ({ complete, pending, planned }) => !complete || pending > 0 || planned === 0,
    );
    if (row.channels.length > 0 && unfinished.length === 0) return;
    open = unfinished
      .map(({ channel, pending, planned }) => `${channel}: ${pending} of ${planned} pending`)
      .join(', ');
  }
  throw new ExerciseStuck(`version ${version} is not sent after ${LONGEST_SENDING_MS / 1000} s (${open})`);
}
