import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from '@jest/globals';
import { silentLog, sleep } from '#runtime';
import { MailTokens } from '../return-path/mail-tokens.js';
import type { BounceDesk } from './bounce-desk.js';
import { BounceReceiver } from './bounce-receiver.js';

it.each([
  ['that says nothing', false],
  ['that does not hang up when it is told to', true],
])(
  'a stop does not wait for a mail server %s',
  async (_, allowHalfOpen) => {
    const tokens = new MailTokens('k'.repeat(32), 'bounces.agency.example');
    const receiver = new BounceReceiver(tokens, {} as BounceDesk, silentLog);
    const port = await receiver.listen('127.0.0.1', 0);
    const idle = net.connect({ host: '127.0.0.1', port, allowHalfOpen }).on('error', () => {});
    await once(idle, 'data'); // its greeting
    const began = performance.now();
    const stop = new AbortController();
    const took = await Promise.race([
      receiver.close().then(() => performance.now() - began),
      sleep(20_000, stop.signal).then(() => Infinity),
    ]);
    stop.abort();
    idle.destroy();
    expect(took).toBeLessThan(20_000);
  },
  60_000,
);
