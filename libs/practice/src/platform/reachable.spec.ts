import { describe, expect, it } from '@jest/globals';
import { reachable } from './reachable.js';

describe('where the practice world may connect to', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('is this machine: %s', async (host) => {
    await expect(reachable(host, false)).resolves.toMatch(/^(127\.|::1)/);
  });

  it.each(['203.0.113.7', '8.8.8.8', '169.254.169.254', '0.0.0.0', '2001:db8::1', '::ffff:8.8.8.8'])(
    'is never the world outside: %s',
    async (host) => {
      await expect(reachable(host, false)).rejects.toThrow(/does not connect to/);
      await expect(reachable(host, true)).rejects.toThrow(/does not connect to/);
    },
  );

  it.each(['10.1.2.3', '172.16.0.9', '172.31.255.1', '192.168.1.1', 'fd00::5'])(
    'is a private network only where that was asked for: %s',
    async (host) => {
      await expect(reachable(host, false)).rejects.toThrow(/not on this machine/);
      await expect(reachable(host, true)).resolves.toBe(host);
    },
  );

  it('ends at the edges of those networks', async () => {
    for (const host of ['11.0.0.1', '172.15.0.1', '172.32.0.1', '192.167.0.1']) {
      await expect(reachable(host, true)).rejects.toThrow(/does not connect to/);
    }
  });
});
