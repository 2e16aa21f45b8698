import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { silentLog } from '#runtime';
import { newKafka } from './kafka-client.js';
import { KafkaPulse } from './kafka-pulse.js';

const never = new Promise<never>(() => undefined);

/** Brokers that answer as they are told to. */
class Brokers {
  answers: () => Promise<unknown> = async () => ({});
  asked = 0;
  admins = 0;
  readonly kafka = {
    admin: () => {
      this.admins += 1;
      return {
        connect: async () => undefined,
        describeCluster: () => ((this.asked += 1), this.answers()),
        disconnect: () => never,
      } as unknown as Admin;
    },
  } as unknown as Kafka;
  readonly pulse = new KafkaPulse(this.kafka);

  goAway(): void {
    this.answers = () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:9092'));
  }
}

let brokers: Brokers;
beforeEach(() => {
  brokers = new Brokers();
});

describe('whoever asks whether Kafka answers', () => {
  it('is told that it does, and when it does not, why', async () => {
    await brokers.pulse.reach();
    brokers.goAway();
    await expect(brokers.pulse.reach()).rejects.toThrow(
      'Kafka does not answer: connect ECONNREFUSED 127.0.0.1:9092',
    );
  });

  it('shares the question with everybody who asks meanwhile, and asks anew afterwards', async () => {
    await Promise.all([brokers.pulse.reach(), brokers.pulse.reach(), brokers.pulse.reach()]);
    expect(brokers.asked).toBe(1);
    await brokers.pulse.reach();
    expect([brokers.asked, brokers.admins]).toEqual([2, 1]);
  });
});

describe('whoever closes', () => {
  it('asks nobody when it is done in a moment', async () => {
    expect(await brokers.pulse.unlessLost(Promise.resolve())).toBe('ended');
    expect(await brokers.pulse.unlessLost(Promise.reject(new Error('refused')))).toBe('ended');
    expect(brokers.asked).toBe(0);
  });

  it('waits for as long as it takes while a broker answers', async () => {
    expect(await brokers.pulse.unlessLost(sleep(400))).toBe('ended');
    expect(brokers.asked).toBe(1);
  });

  it('waits no longer when none does', async () => {
    brokers.goAway();
    expect(await brokers.pulse.unlessLost(never)).toBe('lost');
  });

  it('asks once for everything that a process closes one after another', async () => {
    brokers.goAway();
    await Promise.all([brokers.pulse.unlessLost(never), brokers.pulse.unlessLost(never)]);
    const { asked } = brokers;
    await brokers.pulse.unlessLost(never);
    expect(brokers.asked).toBe(asked);
  });

  it('does not take one late answer for brokers that are gone', async () => {
    brokers.answers = async () => {
      if (brokers.asked === 1) throw new Error('Request timed out');
    };
    expect(await brokers.pulse.unlessLost(sleep(400))).toBe('ended');
    expect(brokers.asked).toBe(2);
  });

  it('is not held up by the question itself, once it is done', async () => {
    brokers.answers = () => never;
    expect(await brokers.pulse.unlessLost(sleep(400))).toBe('ended');
  });

  it('leaves the question’s own connection, which may hang as well', async () => {
    await brokers.pulse.close(); // never opened
    await brokers.pulse.reach();
    await brokers.pulse.close();
  });
});

describe('the client that asks', () => {
  let silent: Server | undefined;
  afterEach(() => void silent?.close());
  const pulseOf = (ports: readonly number[]) => {
    const settings = { brokers: ports.map((port) => `127.0.0.1:${port}`), clientId: 'test', log: silentLog };
    return new KafkaPulse(newKafka(settings, 'none'));
  };

  it.each([[[1]], [[1, 2, 3]]])('does not try long where nobody is: ports %j of loopback', async (ports) => {
    await expect(pulseOf(ports).reach()).rejects.toThrow(/^Kafka does not answer: \S/);
  });

  it('does not wait for ever for one that takes the connection and says nothing', async () => {
    const server = createServer(() => undefined);
    silent = server;
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const pulse = pulseOf([port]);
    await expect(pulse.reach()).rejects.toThrow(/^Kafka does not answer: \S/);
    await pulse.close();
  });
});
