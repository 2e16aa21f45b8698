import { afterEach, describe, expect, it } from '@jest/globals';
import type { CommandBus } from '@nestjs/cqrs';
import type { WarningId } from '#contracts';
import type { Database } from '#postgres';
import { silentLog } from '#runtime';
import { minute } from '#warning/testing';
import type { AskWarning } from '../warnings/ask-warning.handler.js';
import { ExpiryClock } from './expiry-clock.js';

const wrn = (n: number) => `wrn_${String(n).padStart(32, '0')}` as WarningId;
const open: ExpiryClock[] = [];
afterEach(async () => {
  for (const clock of open.splice(0)) await clock.onApplicationShutdown();
});

/** A clock over warnings whose time has come; `ask` is what recording one of them does. */
function clockOver(due: Set<WarningId>, ask: (asked: AskWarning) => Promise<unknown>) {
  let looks = 0;
  let isAway = false;
  const db = {
    query: async () => {
      looks += 1;
      if (isAway) throw new Error('the database does not answer');
      return [...due].map((id) => ({ id, now: minute(120) }));
    },
  } as unknown as Database;
  const clock = new ExpiryClock(db, { execute: ask } as unknown as CommandBus, { log: silentLog });
  open.push(clock);
  clock.onApplicationBootstrap();
  return { clock, looks: () => looks, away: (now: boolean) => (isAway = now) };
}
const until = async (holds: () => boolean) => {
  for (let tries = 0; tries < 4_000 && !holds(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
};

describe('the expiry clock', () => {
  it('records the end of each warning whose time has come, by the database’s clock and in nobody’s name', async () => {
    const due = new Set([wrn(1), wrn(2)]);
    const asked: AskWarning[] = [];
    clockOver(due, async (ask) => {
      asked.push(ask);
      due.delete(ask.warningId);
    });
    await until(() => due.size === 0);
    expect(asked.map(({ warningId, command, options }) => [warningId, command.type, options])).toEqual(
      [wrn(1), wrn(2)].map((id) => [
        id,
        'ExpireWarning',
        { at: minute(120), actor: '/larum/incident-command' },
      ]),
    );
  });

  it('lets no warning that cannot be ended hold up the others', async () => {
    const due = new Set([wrn(1), wrn(2), wrn(3)]);
    let tries = 0;
    clockOver(due, async ({ warningId }) => {
      if (warningId === wrn(1)) {
        tries += 1;
        throw new Error('too-busy');
      }
      due.delete(warningId);
    });
    await until(() => due.size === 1);
    await until(() => tries >= 2);
    expect([...due]).toEqual([wrn(1)]);
  });

  it('goes on when the database was away', async () => {
    const due = new Set<WarningId>();
    const { looks, away } = clockOver(due, async ({ warningId }) => due.delete(warningId));
    away(true);
    const before = looks();
    await until(() => looks() > before);
    away(false);
    due.add(wrn(4));
    await until(() => due.size === 0);
  });

  it('stops with the process, after the look that is under way', async () => {
    const { clock, looks } = clockOver(new Set(), async () => {});
    await until(() => looks() > 0);
    await clock.onApplicationShutdown();
    const after = looks();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(looks()).toBe(after);
  });
});
