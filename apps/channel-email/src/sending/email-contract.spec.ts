import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { senderContract, type SenderFault } from '#channel/testing';
import { PracticeWorld, type FaultKind, type MailFact } from '#practice';
import { Templates } from '../composing/templates.js';
import { MailTokens } from '../return-path/mail-tokens.js';
import { SmtpTransport } from '../transport/smtp-transport.js';
import { EmailSender } from './email-sender.js';

/** The practice world's own name for each way to misbehave. */
const FAULTS: Readonly<Record<SenderFault, FaultKind<'email'>>> = {
  refused: 'refuse',
  'try-later': 'defer',
  'lost-before-taking': 'cut-before-body',
  'lost-after-taking': 'cut-after-body',
  hangs: 'hang',
};
const BOUNCES = 'bounces.agency.example';

senderContract('e-mail over SMTP', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'email-contract-'));
  const practice = await PracticeWorld.open({ dataDir: folder, seed: 'contract', population: { mail: {} } });
  const relay = new SmtpTransport({
    connections: 3,
    noopMs: 20_000,
    relay: { host: '127.0.0.1', port: practice.ports.smtp, tls: 'if-offered', timeoutMs: 3_000 },
  });
  const identity = {
    from: { name: 'Agency', address: 'warnings@agency.example' },
    domain: 'agency.example',
    publicUrl: 'https://warnings.agency.example',
    bounceDomain: BOUNCES,
  };
  const tokens = new MailTokens('k'.repeat(32), BOUNCES);
  return {
    sender: new EmailSender(relay, new Templates(identity), tokens, {
      turnedAway: () => Promise.resolve(),
    }),
    address: (number) => `person-${number}@example.org`,
    taken: async () => {
      const mails: MailFact[] = [];
      for await (const one of practice.arrivals('email')) if (one.fact === 'mail') mails.push(one);
      return mails.map(({ to, text, key }) => ({ to, text, key }));
    },
    misbehave: (fault, to) =>
      void practice.faults.order({
        channel: 'email',
        kind: FAULTS[fault],
        ms: 60_000,
        ...(to === undefined ? {} : { to }),
      }),
    close: async () => {
      relay.close();
      await practice.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
