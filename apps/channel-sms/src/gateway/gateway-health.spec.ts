import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GatewayHealth } from './gateway-health.js';

describe('a person', () => {
  let told: [string, string][];
  let health: GatewayHealth;
  const wait = (ms: number) => void jest.advanceTimersByTime(ms);
  const lost = (why = 'closed') => health.unbound(false, why, false);

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    health = new GatewayHealth(
      { brokenAfterMs: 10_000, steadyMs: 10_000 },
      (...news) => void told.push(news),
    );
  });
  afterEach(() => {
    health.stop();
    jest.useRealTimers();
  });

  it('is not told of a break that heals at once', () => {
    health.bound(true);
    lost();
    wait(9_999);
    health.bound(true);
    wait(60_000);
    expect(told).toEqual([]);
  });

  it('is told after ten seconds without a session, once, and when there is one again', () => {
    health.bound(true);
    wait(60_000);
    lost('the connection failed');
    wait(5_000);
    lost('nobody answers');
    wait(5_000);
    expect(told).toEqual([['broken', 'the connection failed']]);
    lost();
    wait(60_000);
    health.bound(true);
    expect(told.map(([news]) => news)).toEqual(['broken', 'ok']);
  });

  it('is told at once of a refused login', () => {
    health.unbound(false, 'wrong password', true);
    health.unbound(false, 'wrong password', true);
    expect(told).toEqual([['broken', 'wrong password']]);
  });

  it('is not bothered with one session of several', () => {
    health.bound(true);
    health.unbound(true, 'closed', false);
    wait(60_000);
    expect(told).toEqual([]);
  });

  it('is not told that all is well while only half of a pair is bound', () => {
    health.unbound(false, 'wrong password', true);
    health.bound(false);
    wait(60_000);
    expect(told).toHaveLength(1);
  });

  it('is told of a gateway that closes each session as soon as it has begun, once, until one lasts', () => {
    for (let n = 0; n < 40; n += 1) {
      health.bound(true);
      wait(500);
      lost('the gateway closed the connection');
      wait(2_000);
    }
    expect(told).toEqual([['broken', 'the gateway closed the connection']]);
    health.bound(true);
    wait(9_999);
    expect(told).toHaveLength(1);
    wait(1);
    expect(told.at(-1)?.[0]).toBe('ok');
  });

  it('hears nothing after the end', () => {
    lost();
    health.stop();
    wait(60_000);
    expect(told).toEqual([]);
  });
});
