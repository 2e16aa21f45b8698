import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { channelMigrations } from '#channel';
import { senderContract, type SenderFault } from '#channel/testing';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { PracticeWorld, type FaultKind, type TextFact } from '#practice';
import { SmsGateway } from '../gateway/sms-gateway.js';
import { smsMigrations } from '../migrations/sms.migration.js';
import { MessageReferences } from './message-references.js';
import { SmsSender } from './sms-sender.js';
import { SubmittedParts } from './submitted-parts.js';

const SCHEMA = 'channel_sms';

/** The practice world's own name for each way to misbehave. */
const FAULTS: Readonly<Record<SenderFault, FaultKind<'sms'>>> = {
  refused: 'refuse',
  'try-later': 'queue-full',
  'lost-before-taking': 'cut-before-body',
  'lost-after-taking': 'cut-after-body',
  hangs: 'hang',
};

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase({ max: 4 });
  await migrate(test.db, { schema: SCHEMA, migrations: [...channelMigrations] });
  await migrate(test.db, { schema: SCHEMA, migrations: smsMigrations });
});
afterAll(() => test.close());

senderContract('texts over SMPP', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sms-contract-'));
  const practice = await PracticeWorld.open({ dataDir: folder, seed: 'contract', population: { texts: {} } });
  await test.db.execute(`delete from ${SCHEMA}.message_reference`);
  const gateway = new SmsGateway(
    {
      endpoints: [{ host: '127.0.0.1', port: practice.ports.smpp, tls: false }],
      systemId: 'larum',
      password: 'practice',
      systemType: '',
      bindAs: 'transceiver',
      binds: 1,
      window: 50,
      connectTimeoutMs: 20_000,
      answerTimeoutMs: 1_200,
      enquireEveryMs: 10_000,
      partsPerSecond: 5_000,
      reconnectFirstMs: 5,
      reconnectMostMs: 50,
      steadyMs: 1_000,
    },
    { incoming: () => Promise.resolve(), bound: () => {}, unbound: () => {} },
  );
  gateway.start();
  const references = new MessageReferences(test.db, SCHEMA);
  const submitted = new SubmittedParts(test.db, { schema: SCHEMA, smsc: 'practice' }, () => {});
  return {
    sender: new SmsSender(gateway, references, submitted, {
      alphabet: 'gsm',
      joining: 'udh16',
      sender: '+447700900999',
      mostParts: 5,
      turnMs: 3_000,
      plainId: (id) => id,
    }),
    address: (number) => `+44770090${String(1_000 + number)}`,
    taken: async () => {
      const texts: TextFact[] = [];
      for await (const one of practice.arrivals('sms')) if (one.fact === 'text') texts.push(one);
      return texts.map(({ to, text, key }) => ({ to: `+${to.replace('+', '')}`, text, key: key ?? '' }));
    },
    misbehave: (fault, to) =>
      void practice.faults.order({
        channel: 'sms',
        kind: FAULTS[fault],
        ms: 60_000,
        ...(to === undefined ? {} : { to: to.replace('+', '') }),
      }),
    close: async () => {
      await gateway.stop(100);
      await practice.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
