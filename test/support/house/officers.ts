import { setTimeout as sleep } from 'node:timers/promises';
import type { WarningContent } from '#contracts';
import { ask, type Answer, type Person, type RunningHouse } from './form.js';

/** One channel of a report's row, as far as tests look at it. */
export type ChannelRow = {
  channel: string;
  planned: number;
  pending: number;
  complete: boolean;
  states: Record<string, number>;
  wasUnknown: number;
  delivered: number | null;
  shares: { last: number | null };
  replies: { last: number | null };
  inForceAt: string | null;
  timeToFirstSendMs: number | null;
};
export type Report = {
  versions: { version: number; channels: ChannelRow[]; ended: { how: string } | null }[];
  cancel: { channels: ChannelRow[]; recordedAt: string | null } | null;
};

/** What officers do, as one would with `curl`; anything but the expected answer is thrown with what the house said. */
export class Officers {
  constructor(readonly house: RunningHouse) {}

  async ask(
    status: number,
    ...request: [Person, 'GET' | 'POST' | 'PUT', string, unknown?]
  ): Promise<Answer['body']> {
    const [person, method, path, body] = request;
    const answer = await ask(this.house, person, method, path, body);
    if (answer.status !== status) {
      throw new Error(
        `${method} ${path}: expected ${status}, got ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    return answer.body;
  }

  /** Opens an incident; answers its id. */
  async incident(name: string): Promise<string> {
    const body = { type: 'flood', name, leadAgency: 'North Wales Police' };
    return String((await this.ask(201, 'author', 'POST', '/v1/incidents', body))['id']);
  }

  /** Drafts a first version; answers its warning and revision. */
  async draft(incidentId: string, content: WarningContent): Promise<{ id: string; revision: number }> {
    const { id, revision } = await this.ask(201, 'author', 'POST', '/v1/warnings', { incidentId, content });
    return { id: String(id), revision: Number(revision) };
  }

  /** Submits what stands at this revision; answers the hashes that the approver sees. */
  async submit(
    id: string,
    revision: number,
    version = 1,
  ): Promise<{ contentHash: string; areaHash: string }> {
    await this.ask(200, 'author', 'POST', `/v1/warnings/${id}/submit`, { revision });
    const { versions } = await this.ask(200, 'approver', 'GET', `/v1/warnings/${id}`);
    const found = (versions as { version: number; contentHash: string; areaHash: string }[]).find(
      (one) => one.version === version,
    );
    if (found === undefined) throw new Error(`no version ${version} of ${id}`);
    const { contentHash, areaHash } = found;
    return { contentHash, areaHash };
  }

  /** Submits and approves. */
  async issue(id: string, revision: number, version = 1): Promise<void> {
    const hashes = await this.submit(id, revision, version);
    await this.ask(202, 'approver', 'POST', `/v1/warnings/${id}/approve`, hashes);
  }

  /** Opens, submits and approves the next version. */
  async next(id: string, content: WarningContent): Promise<void> {
    const { revision, version } = await this.ask(201, 'author', 'POST', `/v1/warnings/${id}/versions`, {
      content,
    });
    await this.issue(id, Number(revision), Number(version));
  }

  async report(id: string): Promise<Report> {
    return (await this.ask(200, 'reviewer', 'GET', `/v1/warnings/${id}/report`)) as Report;
  }

  /** The rows of a version once nothing is pending on any of `channels`; of the cancel with version 0. */
  async settled(
    id: string,
    version: number,
    channels: readonly string[],
    withinMs = 100_000,
  ): Promise<ChannelRow[]> {
    const { rows: settled } = await this.until<{ rows: ChannelRow[] }>(withinMs, async () => {
      const report = await this.report(id).catch(() => undefined);
      const row = version === 0 ? report?.cancel : report?.versions.find((one) => one.version === version);
      const rows = row?.channels.filter(({ channel }) => channels.includes(channel)) ?? [];
      const isDone =
        rows.length === channels.length && rows.every((one) => one.complete && one.pending === 0);
      return isDone ? { rows } : { notYet: JSON.stringify(report) };
    });
    return settled;
  }

  /** Asks again until there is an answer; the error says what was seen last. */
  async until<T extends object>(withinMs: number, look: () => Promise<T | { notYet: unknown }>): Promise<T> {
    const end = performance.now() + withinMs;
    for (;;) {
      const seen = await look();
      if (!('notYet' in seen)) return seen;
      if (performance.now() > end)
        throw new Error(`not within ${withinMs} ms; last seen: ${String(seen.notYet)}`);
      await sleep(100);
    }
  }
}
