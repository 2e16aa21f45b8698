import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { allTopics, topics, type Account, type Instant, type WarningContent } from '#contracts';
import {
  Clock,
  HealthRegistry,
  Metrics,
  newToken,
  sha256Hex,
  silentLog,
  startHttp,
  TokenBook,
  type HttpServer,
  type Role,
} from '#runtime';
import { newStream, type EventStream } from '#stream';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { flood, minute } from '#warning/testing';
import { IncidentCommandModule } from '../incident-command.module.js';
import { problemTable } from '../problems/problem-table.js';
import { readRefusal } from '../problems/read-refusal.js';
import { usualAccounts } from './accounts.js';
import { asDescribed } from './as-described.js';

/** A clock that stands still until a test moves it. */
export class HandClock extends Clock {
  constructor(public at: Instant) {
    super();
  }
  now(): Instant {
    return this.at;
  }
}

/** Who works in the tests. ann writes, bob approves; amy is author and approver, brigade and council are partners, rita reviews. */
export const PEOPLE = {
  ann: ['author'],
  cat: ['author'],
  bob: ['approver'],
  dan: ['approver'],
  amy: ['author', 'approver'],
  brigade: ['partner'],
  council: ['partner'],
  rita: ['reviewer'],
  cleo: ['communications'],
  olga: ['administrator'],
} as const satisfies Record<string, readonly Role[]>;
export type Person = keyof typeof PEOPLE;

/** What came back over HTTP. */
export type Answer = { status: number; body: Record<string, unknown>; text: string };

/** incident-command on a database of its own and the embedded stream, behind real HTTP. */
export class ControlRoom {
  private keys = 0;

  private constructor(
    readonly test: TestDatabase,
    readonly stream: EventStream,
    readonly clock: HandClock,
    private readonly server: HttpServer,
    private readonly folder: string,
    readonly tokens: Record<Person, string>,
  ) {}

  /** With `beside`, another replica of the same service: the same database and stream, a process of its own to all appearance. */
  static async open(beside?: ControlRoom): Promise<ControlRoom> {
    const test = beside?.test ?? (await testDatabase());
    const folder = mkdtempSync(path.join(os.tmpdir(), 'larum-control-room-'));
    const tokens = {} as Record<Person, string>;
    const entries = Object.entries(PEOPLE).map(([name, roles]) => {
      const token = newToken('exercise');
      tokens[name as Person] = token;
      return {
        id: officer(name as Person),
        name,
        roles,
        agency: null,
        languages: ['en-GB'],
        tokenSha256: sha256Hex(token),
        mode: 'exercise',
      };
    });
    const file = path.join(folder, 'tokens.json');
    writeFileSync(file, JSON.stringify(entries));
    const stream = beside?.stream ?? newStream({ db: test.db, log: silentLog, clientId: 'incident-command' });
    const clock = new HandClock(minute(0));
    const health = new HealthRegistry();
    const metrics = new Metrics();
    const module = IncidentCommandModule.register({
      mode: 'exercise',
      db: test.db,
      stream,
      tokens: TokenBook.open(file, 'exercise', silentLog),
      health,
      metrics,
      clock,
      log: silentLog,
    });
    const server = await startHttp(module, {
      name: 'incident-command',
      port: 0,
      log: silentLog,
      health,
      metrics,
      problems: [problemTable],
      readers: [readRefusal],
    });
    await stream.ensureTopics(allTopics('exercise'));
    return new ControlRoom(test, stream, clock, server, folder, tokens);
  }

  get url(): string {
    return this.server.url;
  }

  async close(): Promise<void> {
    await this.leave();
    await this.stream.close();
    await this.test.close();
  }

  /** Ends this replica alone. */
  async leave(): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true });
  }

  /** One request of one person; every POST has a key of its own unless one is given. */
  async ask(
    by: Person | null,
    method: string,
    at: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    this.keys += 1;
    const response = await fetch(`${this.url}/v1${at}`, {
      method,
      headers: {
        ...(by === null ? {} : { authorization: `Bearer ${this.tokens[by]}` }),
        ...(method === 'POST' ? { 'idempotency-key': `key-${this.keys}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status } = response;
    const answer = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
    asDescribed(method, at, status, answer);
    return { status, text, body: answer };
  }

  post = (by: Person | null, at: string, body: unknown = {}, headers?: Record<string, string>) =>
    this.ask(by, 'POST', at, body, headers);
  put = (by: Person | null, at: string, body: unknown) => this.ask(by, 'PUT', at, body);
  get = (by: Person | null, at: string) => this.ask(by, 'GET', at);

  /** The channels report one Mastodon account and the SMS sender, and incident-command has heard it. */
  async accountsReported(...accounts: readonly Account[]): Promise<void> {
    const all = accounts.length > 0 ? accounts : usualAccounts;
    await this.tell(all.map((account) => ({ type: 'AccountReported', at: minute(0), ...account })));
    await this.until(async () => {
      const { body } = await this.get('ann', '/accounts');
      return Array.isArray(body['accounts']) && body['accounts'].length >= all.length;
    });
  }

  /** What a channel service would put on `<mode>.channels.v1`. */
  async tell(events: readonly object[]): Promise<void> {
    const topic = topics('exercise').channels;
    await this.stream.publish(
      events.map((event) => ({ topic, key: 'test', value: JSON.stringify(event), headers: {} })),
    );
  }

  async until(holds: () => Promise<boolean>, within = 30_000): Promise<void> {
    const end = performance.now() + within;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error('it did not come true in time');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Everything on `<mode>.warnings.v1` about one warning so far. */
  async onTheStream(warningId: string): Promise<Record<string, unknown>[]> {
    const topic = topics('exercise').warnings;
    const ends = await this.stream.endOffsets(topic);
    const found = await Promise.all(
      [...ends.keys()].map((partition) => this.stream.read({ topic, partition, offset: 0n, limit: 10_000 })),
    );
    return found
      .flat()
      .filter(({ key }) => key === warningId)
      .map(({ value }) => JSON.parse(new TextDecoder().decode(value)) as Record<string, unknown>);
  }

  /** How many facts the record holds: what a refused request must not change. */
  async facts(): Promise<number> {
    const [row] = await this.test.db.query<{ n: bigint }>('select count(*) as n from incident_command.event');
    return Number(row?.n ?? 0n);
  }

  /** A new incident's id. */
  async incident(): Promise<string> {
    const { body } = await this.post('ann', '/incidents', {
      type: 'flood',
      name: 'River Goyt',
      leadAgency: 'Derbyshire Police',
    });
    return String(body['id']);
  }

  /** A warning drafted by ann: its id and revision. */
  async drafted(content: object = flood, by: Person = 'ann'): Promise<{ id: string; revision: number }> {
    const { body } = await this.post(by, '/warnings', { incidentId: await this.incident(), content });
    return { id: String(body['id']), revision: Number(body['revision']) };
  }

  /** A warning that waits for its approver, with the hashes that the approver reads. */
  async submitted(content: object = flood): Promise<{ id: string; revision: number; hashes: Hashes }> {
    const { id, revision } = await this.drafted(content);
    const { body } = await this.post('ann', `/warnings/${id}/submit`, { revision });
    return { id, revision: Number(body['revision']), hashes: await this.hashes(id) };
  }

  /** A warning that ann wrote and bob approved. */
  async issued(content: WarningContent = flood): Promise<{ id: string; hashes: Hashes }> {
    const { id, hashes } = await this.submitted(content);
    await this.post('bob', `/warnings/${id}/approve`, hashes);
    return { id, hashes };
  }

  /** The hashes of the newest version, as an approver reads them. */
  async hashes(id: string): Promise<Hashes> {
    const { body } = await this.get('bob', `/warnings/${id}`);
    const versions = body['versions'] as { contentHash: string; areaHash: string }[];
    const { contentHash = '', areaHash = '' } = versions.at(-1) ?? {};
    return { contentHash, areaHash };
  }
}

export type Hashes = { contentHash: string; areaHash: string };

/** The officer id of a person: their place in the list, in hex. */
export const officer = (person: Person): string =>
  `off_${(Object.keys(PEOPLE).indexOf(person) + 1).toString(16).repeat(32)}`;
