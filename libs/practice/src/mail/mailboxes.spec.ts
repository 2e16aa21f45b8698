import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Owing } from '../platform/owing.js';
import { SeededPublic, type MailHabit } from '../public/seeded-public.js';
import type { MailFact, OwedFact } from '../record/facts.js';
import { KeptWorld } from '../testing/index.js';
import { Mailboxes, type Envelope } from './mailboxes.js';
import { REFUSALS } from './refusals.js';

const RETURN_PATH = 'b+dlv_1.a7@bounce.example';
const MAIL = Buffer.from('Message-ID: <dlv_1@larum.example>\r\nSubject: FLOOD\r\n\r\nLeave now.\r\n');
type Notify = 'NEVER' | 'SUCCESS' | 'FAILURE';
const to = (address: string, ...notify: Notify[]) =>
  ({ address, args: false, dsn: { notify } }) as unknown as Envelope['recipients'][number];
const envelope = (...recipients: Envelope['recipients']): Envelope => ({
  from: RETURN_PATH,
  recipients,
  envid: undefined,
});

describe('the mailboxes behind the mail server', () => {
  let world: KeptWorld;
  let bounces: Owing;
  let boxes: Mailboxes;

  const owed: OwedFact[] = [];
  function opened(habit?: Exclude<MailHabit, 'takes'>, receiver: 'receiver' | 'none' = 'receiver'): void {
    const people = new SeededPublic('s', { mail: habit ? { [habit]: 1 } : {}, texts: {}, mostShares: 1 });
    owed.length = 0;
    bounces = new Owing(world, 'email', (one) => Promise.resolve(void owed.push(one)).then(() => true), 5);
    boxes = new Mailboxes(world, people, {
      bounces: receiver === 'none' ? undefined : bounces,
      afterMs: 500,
    });
  }
  /** Everything that is owed, paid now. */
  async function back(): Promise<OwedFact[]> {
    world.clock += 500;
    for (let id = 0; id < 9; id += 1) await bounces.settleNow(`M000000-${id}`);
    return owed.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  }

  beforeEach(async () => {
    world = await KeptWorld.begin();
    opened();
  });
  afterEach(async () => {
    bounces.stop();
    await world.end();
  });

  it('keep a mail once to the octet, and an arrival for each of its recipients', async () => {
    const id = await boxes.keep(
      MAIL,
      { ...envelope(to('ann@x.example'), to('bob@x.example')), envid: 'dlv_1' },
      false,
    );
    const arrived = await world.arrived<MailFact>();
    expect(arrived.map((mail) => [mail.to, mail.from, mail.key, mail.envid, mail.id])).toEqual(
      ['ann@x.example', 'bob@x.example'].map((address) => [
        address,
        RETURN_PATH,
        '<dlv_1@larum.example>',
        'dlv_1',
        id,
      ]),
    );
    expect(arrived[0]?.raw).toEqual(arrived[1]?.raw);
    expect(await world.record.readMail(arrived[0]!.raw)).toEqual(MAIL);
  });

  it('give every mail a number of its own in the queue', async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push(await boxes.keep(MAIL, envelope(to('ann@x.example')), false));
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => /^M[0-9A-Z]{6,}$/.test(id))).toBe(true);
  });

  // RFC 3461 §4.1: what a sender wants to hear, and what each habit has to tell.
  it.each<[Exclude<MailHabit, 'takes'> | undefined, Notify[], string | undefined]>([
    [undefined, [], undefined],
    [undefined, ['FAILURE'], undefined],
    [undefined, ['SUCCESS'], 'delivered'],
    [undefined, ['NEVER'], undefined],
    ['bounces-unknown', [], 'bounces-unknown'],
    ['bounces-unknown', ['FAILURE'], 'bounces-unknown'],
    ['bounces-full', ['SUCCESS', 'FAILURE'], 'bounces-full'],
    ['bounces-full', ['NEVER'], undefined],
    ['away', [], 'away'],
    ['away', ['NEVER'], 'away'], // a note of a person is no report
  ])('of the habit %s send back to NOTIFY=%j: %s', async (habit, notify, what) => {
    opened(habit);
    await boxes.keep(MAIL, envelope(to('ann@x.example', ...notify)), false);
    expect((await back()).map((one) => one.what)).toEqual(what === undefined ? [] : [what]);
  });

  it('send back to the return path, about the mail that came, after their time', async () => {
    opened('bounces-full');
    await boxes.keep(MAIL, { ...envelope(to('ann@x.example')), envid: 'dlv_1' }, false);
    const [arrival] = await world.arrived<MailFact>();
    expect(bounces.count).toBe(1);
    expect(await back()).toMatchObject([
      { to: RETURN_PATH, from: 'ann@x.example', about: 'dlv_1', raw: arrival?.raw, dueAt: world.clock },
    ]);
  });

  it('owe one report for each recipient of one mail', async () => {
    opened('bounces-unknown');
    await boxes.keep(
      MAIL,
      envelope(to('ann@x.example'), to('bob@x.example'), to('cai@x.example', 'NEVER')),
      false,
    );
    expect((await back()).map(({ from }) => from)).toEqual(['ann@x.example', 'bob@x.example']);
  });

  it('send nothing back to the null sender, and nothing where nobody takes it', async () => {
    opened('bounces-unknown');
    await boxes.keep(MAIL, { ...envelope(to('ann@x.example')), from: '' }, false);
    expect(bounces.count).toBe(0);
    opened('bounces-unknown', 'none');
    await boxes.keep(MAIL, envelope(to('ann@x.example')), false);
    expect(bounces.count).toBe(0);
  });

  it('bounce on request whoever would have taken the mail', async () => {
    await boxes.keep(MAIL, envelope(to('ann@x.example')), true);
    expect((await back()).map(({ what }) => what)).toEqual(['bounces-unknown']);
  });

  it.each<Exclude<MailHabit, 'takes'>>(['greylists', 'too-many', 'shuts'])(
    'of the habit %s say no once, each address for itself, also over a restart',
    async (habit) => {
      opened(habit);
      expect(boxes.habit('ann@x.example')).toBe(habit);
      await boxes.turnAway('ann@x.example', REFUSALS[habit]!);
      expect([boxes.habit('ann@x.example'), boxes.habit('bob@x.example')]).toEqual(['takes', habit]);
      opened(habit);
      await world.again(boxes);
      expect([boxes.habit('ann@x.example'), boxes.habit('bob@x.example')]).toEqual(['takes', habit]);
    },
  );

  it.each<Exclude<MailHabit, 'takes'>>(['unknown-user', 'mailbox-full', 'policy'])(
    'of the habit %s say no for ever',
    async (habit) => {
      opened(habit);
      await boxes.turnAway('ann@x.example', REFUSALS[habit]!);
      opened(habit);
      await world.again(boxes);
      expect(boxes.habit('ann@x.example')).toBe(habit);
    },
  );

  it('do not take a refusal by text message for one of theirs', async () => {
    const at = new Date(world.clock).toISOString();
    await world.record.append({ fact: 'refusal', channel: 'sms', at, to: 'ann@x.example', answer: '451' });
    opened('greylists');
    await world.again(boxes);
    expect(boxes.habit('ann@x.example')).toBe('greylists');
  });
});
