import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBroker, type Broker } from './broker.js';
import { findBroker, whyNoOwnBroker } from './find-broker.js';
import { brokerIsReady } from './ready.js';

const whyNot = await whyNoOwnBroker();
if (whyNot !== undefined) console.warn(`KAFKA MISSING, the broker launcher was not tested: ${whyNot}`);

function answers(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

const portOf = (broker: Broker): number => Number(broker.brokers[0]?.split(':')[1]);

async function gone(address: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!(await answers(address))) return true;
    await sleep(100);
  }
  return false;
}

(whyNot === undefined ? describe : describe.skip)('a broker that a test starts', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker();
  }, 120_000);
  afterAll(() => broker?.stop());

  it('is ready on loopback, below the ephemeral ports', async () => {
    expect(broker.brokers).toHaveLength(1);
    expect(broker.brokers[0]).toMatch(/^127\.0\.0\.1:2\d{4}$/);
    expect(await brokerIsReady(portOf(broker))).toBe(true);
  });

  it('is gone when killed, and ready again on the same port', async () => {
    const { pid } = broker;
    await broker.kill();
    expect(broker.pid).toBeUndefined();
    expect(await brokerIsReady(portOf(broker))).toBe(false);
    await broker.restart();
    expect(broker.pid).not.toBe(pid);
    expect(await brokerIsReady(portOf(broker))).toBe(true);
  }, 60_000);

  it('ends with its owner, however that ends', async () => {
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const orphan = await startBroker({ owner: owner.pid ?? 0 });
    expect(await answers(orphan.brokers[0] ?? '')).toBe(true);
    owner.kill('SIGKILL');
    expect(await gone(orphan.brokers[0] ?? '')).toBe(true);
  }, 60_000);
});

describe('a run without what a broker needs', () => {
  const saved = { ...process.env };
  const empty = mkdtempSync(path.join(os.tmpdir(), 'larum-no-java-'));
  const without = (environment: Record<string, string>): void => {
    delete process.env.KAFKA_BROKERS;
    delete process.env.CI;
    Object.assign(process.env, { PATH: empty, XDG_CACHE_HOME: empty }, environment);
  };
  afterAll(() => {
    for (const name of ['PATH', 'XDG_CACHE_HOME', 'KAFKA_BROKERS', 'CI']) {
      const was = saved[name];
      if (was === undefined) delete process.env[name];
      else process.env[name] = was;
    }
    rmSync(empty, { recursive: true, force: true });
  });

  it('says what is missing and what to do', async () => {
    without({});
    expect(await findBroker()).toEqual({
      missing: expect.stringMatching(/java does not run .*install Java 17, or set KAFKA_BROKERS/),
    });
    expect(await whyNoOwnBroker()).toMatch(/install Java 17/);
  });

  it('fails in continuous integration, because a skipped suite looks like a passed one', async () => {
    without({ CI: 'true' });
    await expect(findBroker()).rejects.toThrow(/install Java 17/);
    await expect(whyNoOwnBroker()).rejects.toThrow(/install Java 17/);
  });

  it('takes the brokers that it is given', async () => {
    without({ CI: 'true', KAFKA_BROKERS: 'one:9092,two:9092' });
    expect(await findBroker()).toEqual({ brokers: ['one:9092', 'two:9092'] });
    expect(existsSync(path.join(empty, 'larum'))).toBe(false);
  });
});
