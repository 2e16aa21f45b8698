import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PracticeWorldOptions } from '../options.js';
import { PracticeWorld } from '../practice-world.js';
import type { TextHabit } from '../public/seeded-public.js';
import type { Arrival, RefusalFact, TextFact } from '../record/facts.js';
import { SmppPeer, type PeerPdu } from '../testing/index.js';

const PHONE = '447700900123';
const gsm = (text: string) => Buffer.from(text, 'latin1'); // letters and digits are the same in both
const part = (number: number, of: number, text: string, reference = 7) =>
  Buffer.concat([Buffer.from([5, 0, 3, reference, of, number]), gsm(text)]);
const IS_PART = { esm_class: 0x40 };

describe('the SMSC of the practice world', () => {
  let dataDir: string;
  let world: PracticeWorld;
  let peer: SmppPeer;
  let deliverStatus: number;

  async function open(options: Partial<PracticeWorldOptions> = {}): Promise<void> {
    world = await PracticeWorld.open({
      dataDir,
      seed: 'wainfleet',
      population: { texts: {} },
      sms: { receiptAfterMs: 20, answerAfterMs: 30 },
      ...options,
    });
    peer = new SmppPeer(world.ports.smpp, () => deliverStatus);
    await peer.bind();
  }
  async function reopen(options: Partial<PracticeWorldOptions> = {}): Promise<void> {
    peer.end();
    await world.close();
    await open(options);
  }
  async function arrived<Kind extends Arrival = TextFact>(): Promise<Kind[]> {
    const all: Arrival[] = [];
    for await (const arrival of world.arrivals('sms')) all.push(arrival);
    return all as Kind[];
  }
  async function untilDelivered(count: number): Promise<PeerPdu[]> {
    for (let waited = 0; peer.delivered.length < count && waited < 30_000; waited += 10) await pause(10);
    await pause(40); // whether more come than should
    expect(peer.delivered).toHaveLength(count);
    return peer.delivered;
  }
  const everybody = (habit: TextHabit) => ({ population: { texts: { [habit]: 1 } } });
  const words = (pdu: PeerPdu | undefined) => String(pdu?.short_message?.message);

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'larum-sms-'));
    deliverStatus = 0;
    await open();
  });
  afterEach(async () => {
    peer.end();
    await world.close();
    await rm(dataDir, { recursive: true });
  });

  describe('lets in', () => {
    it.each(['bind_transceiver', 'bind_transmitter', 'bind_receiver'])(
      'whoever asks by %s and knows the password',
      async (how) => {
        const other = new SmppPeer(world.ports.smpp);
        expect(await other.bind(how)).toMatchObject({ command_status: 0 });
        other.end();
      },
    );

    it.each([
      [{ password: 'guessed' }, 0x0e],
      [{ system_id: 'nobody' }, 0x0f],
    ])('nobody with %j', async (fields, status) => {
      const other = new SmppPeer(world.ports.smpp);
      expect(await other.bind('bind_transceiver', fields)).toMatchObject({ command_status: status });
      expect(await other.submit(PHONE, gsm('FLOOD'))).toMatchObject({ command_status: 0x04 });
      other.end();
    });

    it('nobody twice, and no text from who only receives', async () => {
      expect(await peer.bind()).toMatchObject({ command_status: 0x05 });
      const receiver = new SmppPeer(world.ports.smpp);
      await receiver.bind('bind_receiver');
      expect(await receiver.submit(PHONE, gsm('FLOOD'))).toMatchObject({ command_status: 0x04 });
      receiver.end();
    });
  });

  it('takes a text and keeps what the telephone shows', async () => {
    const reply = await peer.submit(PHONE, gsm('FLOOD: leave now'), { user_message_reference: 4711 });
    expect(reply).toMatchObject({ command_status: 0, message_id: '00000001' });
    expect(await arrived()).toMatchObject([
      {
        to: PHONE,
        from: '447700900999',
        text: 'FLOOD: leave now',
        encoding: 'gsm7',
        parts: 1,
        ids: ['00000001'],
        key: '4711',
      },
    ]);
  });

  it('answers enquire_link and unbind, and a command that it does not know with generic_nack', async () => {
    expect(await peer.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp', command_status: 0 });
    expect(await peer.ask('query_sm', { message_id: '1' })).toMatchObject({
      command: 'generic_nack',
      command_status: 0x03,
    });
    expect(await peer.ask('unbind')).toMatchObject({ command: 'unbind_resp', command_status: 0 });
    await peer.closed;
  });

  it('says what was wrong with the length, and hangs up', async () => {
    const socket = connect({ host: '127.0.0.1', port: world.ports.smpp });
    socket.write(Buffer.from('0000000f0000001500000000', 'hex'));
    const chunks: Buffer[] = [];
    for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('hex')).toBe('00000010800000000000000200000000');
  });

  it('nacks a text that ends too early, and hangs up', async () => {
    const socket = connect({ host: '127.0.0.1', port: world.ports.smpp });
    const bind = Buffer.from('larum\0practice\0\0\x34\0\0\0', 'latin1');
    const head = (length: number, command: number, sequence: number) => {
      const bytes = Buffer.alloc(16);
      [length + 16, command, 0, sequence].forEach((value, n) => bytes.writeUInt32BE(value, n * 4));
      return bytes;
    };
    socket.write(Buffer.concat([head(bind.length, 9, 1), bind, head(3, 4, 2), Buffer.from('\0\0\0')]));
    const chunks: Buffer[] = [];
    for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(Buffer.concat(chunks).subarray(-16).toString('hex')).toBe('00000010800000000000000200000002');
  });

  describe('joins the parts of a long text', () => {
    it('in whatever order they come, and only then calls it arrived', async () => {
      await peer.submit(PHONE, part(2, 3, 'the wall. '), IS_PART);
      await peer.submit(PHONE, part(3, 3, 'Leave now.'), IS_PART);
      expect(await arrived()).toEqual([]);
      await peer.submit(PHONE, part(1, 3, 'The river is over '), IS_PART);
      expect(await arrived()).toMatchObject([
        {
          text: 'The river is over the wall. Leave now.',
          parts: 3,
          ids: ['00000003', '00000001', '00000002'],
        },
      ]);
    });

    it('also when the world was restarted between them', async () => {
      await peer.submit(PHONE, part(1, 2, 'Leave '), IS_PART);
      await reopen();
      await peer.submit(PHONE, part(2, 2, 'now'), IS_PART);
      expect(await arrived()).toMatchObject([{ text: 'Leave now', parts: 2 }]);
    });

    it('of one telephone, one sender and one reference alone', async () => {
      await peer.submit(PHONE, part(1, 2, 'a', 7), IS_PART);
      await peer.submit(PHONE, part(2, 2, 'b', 8), IS_PART);
      await peer.submit('447700900124', part(2, 2, 'c', 7), IS_PART);
      await peer.submit(PHONE, part(2, 2, 'd', 7), { ...IS_PART, source_addr: 'OTHER' });
      expect(await arrived()).toEqual([]);
      expect(await (await fetch(`${world.url}/practice/counts`)).json()).toMatchObject({
        owed: { incompleteTexts: 4 },
      });
    });

    it('and counts a part that came twice once', async () => {
      await peer.submit(PHONE, part(1, 2, 'Leave '), IS_PART);
      await peer.submit(PHONE, part(1, 2, 'Leave '), IS_PART);
      await peer.submit(PHONE, part(2, 2, 'now'), IS_PART);
      expect(await arrived()).toMatchObject([{ text: 'Leave now' }]);
    });

    it('and shows a text that was sent twice, twice', async () => {
      for (let n = 0; n < 2; n += 1) {
        await peer.submit(PHONE, part(1, 2, 'Leave '), IS_PART);
        await peer.submit(PHONE, part(2, 2, 'now'), IS_PART);
      }
      expect(await arrived()).toHaveLength(2);
    });
  });

  describe('refuses', () => {
    it.each<[string, string, Buffer, object, number]>([
      ['a number that is none', 'nobody', gsm('FLOOD'), {}, 0x0b],
      ['a text too long for one part', PHONE, gsm('x'.repeat(161)), {}, 0x01],
      ['octets that are no GSM', PHONE, Buffer.from([0x41, 0xe9]), {}, 0x104],
      ['a coding that it does not speak', PHONE, gsm('FLOOD'), { data_coding: 4 }, 0x104],
    ])('%s', async (_, to, octets, fields, status) => {
      expect(await peer.submit(to, octets, fields)).toMatchObject({ command_status: status });
      expect(await arrived<RefusalFact>()).toMatchObject([{ fact: 'refusal', to }]);
    });

    it('whom the seed marks, for good', async () => {
      await reopen(everybody('no-such-number'));
      for (let n = 0; n < 2; n += 1)
        expect(await peer.submit(PHONE, gsm('FLOOD'))).toMatchObject({ command_status: 0x0b });
    });

    it.each<[TextHabit, number]>([
      ['throttled', 0x58],
      ['queue-full', 0x14],
    ])('whom the seed marks as %s, the first time', async (habit, status) => {
      await reopen(everybody(habit));
      expect(await peer.submit(PHONE, gsm('FLOOD'))).toMatchObject({ command_status: status });
      expect(await peer.submit(PHONE, gsm('FLOOD'))).toMatchObject({ command_status: 0 });
    });
  });

  describe('sends receipts', () => {
    it('with the id and the state in the parameters and in the text', async () => {
      await peer.submit(PHONE, gsm('FLOOD'));
      const [receipt] = await untilDelivered(1);
      expect(receipt).toMatchObject({
        source_addr: PHONE,
        destination_addr: '447700900999',
        esm_class: 0x04,
        receipted_message_id: '00000001',
        message_state: 2,
      });
      expect(words(receipt)).toMatch(
        /^id:00000001 sub:001 dlvrd:001 submit date:\d{10} done date:\d{10} stat:DELIVRD err:000 text:$/,
      );
    });

    it.each<[TextHabit, number, string]>([
      ['undeliverable', 5, 'stat:UNDELIV'],
      ['expires', 3, 'stat:EXPIRED'],
    ])('that say %s where the seed does', async (habit, state, stat) => {
      await reopen(everybody(habit));
      await peer.submit(PHONE, gsm('FLOOD'));
      const [receipt] = await untilDelivered(1);
      expect(receipt?.message_state).toBe(state);
      expect(words(receipt)).toContain(stat);
    });

    it('as other networks write them: the id in decimal, in the text alone, in the parameters alone, addresses as sent', async () => {
      const receipts = { idIn: 'text', decimal: true, asSent: true } as const;
      await reopen({ sms: { receiptAfterMs: 20, receipts } });
      for (let n = 0; n < 10; n += 1)
        await peer.submit(PHONE, gsm('FLOOD'), { registered_delivery: n === 9 ? 1 : 0 });
      const [inText] = await untilDelivered(1);
      expect(inText).toMatchObject({ source_addr: '447700900999', destination_addr: PHONE });
      expect(inText?.receipted_message_id).toBeUndefined();
      expect(words(inText)).toMatch(/^id:10 sub:/);
      await reopen({ sms: { receiptAfterMs: 20, receipts: { idIn: 'tlv', decimal: false, asSent: false } } });
      await peer.submit(PHONE, gsm('FLOOD'));
      const [inTlv] = await untilDelivered(1);
      expect(inTlv?.receipted_message_id).toBe('0000000B');
      expect(words(inTlv)).toMatch(/^sub:/);
    });

    it('for each part', async () => {
      await peer.submit(PHONE, part(1, 2, 'Leave '), IS_PART);
      await peer.submit(PHONE, part(2, 2, 'now'), IS_PART);
      expect((await untilDelivered(2)).map((pdu) => pdu.receipted_message_id).sort()).toEqual([
        '00000001',
        '00000002',
      ]);
    });

    it('none where nobody asked, none from a silent telephone, and of failures alone where that was asked', async () => {
      await peer.submit(PHONE, gsm('FLOOD'), { registered_delivery: 0 });
      await peer.submit(PHONE, gsm('FLOOD'), { registered_delivery: 2 });
      await reopen(everybody('silent'));
      await peer.submit(PHONE, gsm('FLOOD'));
      await untilDelivered(0);
    });

    it('when somebody is there to take them', async () => {
      peer.end();
      peer = new SmppPeer(world.ports.smpp);
      await peer.bind('bind_transmitter');
      await peer.submit(PHONE, gsm('FLOOD'));
      await pause(60);
      expect(peer.delivered).toEqual([]);
      peer.end();
      peer = new SmppPeer(world.ports.smpp);
      await peer.bind('bind_receiver');
      await untilDelivered(1);
    });

    it('again, until they are taken', async () => {
      deliverStatus = 0x64;
      await peer.submit(PHONE, gsm('FLOOD'));
      await untilDelivered(1);
      deliverStatus = 0;
      await untilDelivered(2);
    });

    it('after a restart, when they were still owed', async () => {
      const at = Date.parse('2026-11-21T10:00:00Z');
      await reopen({ sms: { receiptAfterMs: 60_000 }, now: () => at });
      await peer.submit(PHONE, gsm('FLOOD'));
      await reopen({ now: () => at + 60_001 });
      await untilDelivered(1);
    });
  });

  it('never gives an id twice, also after a restart', async () => {
    await peer.submit(PHONE, gsm('one'));
    await reopen();
    expect(await peer.submit(PHONE, gsm('two'))).toMatchObject({ message_id: '00000002' });
  });

  describe('texts back', () => {
    it('STOP from who wants no more, once, however many parts and texts came', async () => {
      await reopen(everybody('stops'));
      await peer.submit(PHONE, part(1, 2, 'Leave '), { ...IS_PART, registered_delivery: 0 });
      await peer.submit(PHONE, part(2, 2, 'now'), { ...IS_PART, registered_delivery: 0 });
      const [stop] = await untilDelivered(1);
      expect(stop).toMatchObject({ source_addr: PHONE, destination_addr: '447700900999', esm_class: 0 });
      expect(words(stop)).toBe('STOP');
      await reopen(everybody('stops'));
      await peer.submit(PHONE, gsm('UPDATE'), { registered_delivery: 0 });
      await untilDelivered(0);
    });

    it('in the same words in every run, and nothing to a sender with a name for a number', async () => {
      await reopen(everybody('answers'));
      await peer.submit(PHONE, gsm('FLOOD'), {
        registered_delivery: 0,
        source_addr: 'LARUM',
        source_addr_ton: 5,
      });
      await untilDelivered(0);
      await peer.submit(PHONE, gsm('FLOOD'), { registered_delivery: 0 });
      const first = words((await untilDelivered(1))[0]);
      await reopen(everybody('answers'));
      await rm(dataDir, { recursive: true });
      await reopen(everybody('answers'));
      await peer.submit(PHONE, gsm('FLOOD'), { registered_delivery: 0 });
      expect(words((await untilDelivered(1))[0])).toBe(first);
    });
  });

  describe('on request', () => {
    it.each([
      ['throttle', 0x58],
      ['queue-full', 0x14],
      ['refuse', 0x0b],
      ['system-error', 0x08],
    ])('answers %s once, and takes nothing', async (kind, status) => {
      world.faults.order({ channel: 'sms', kind });
      expect(await peer.submit(PHONE, gsm('FLOOD'))).toMatchObject({ command_status: status });
      expect((await arrived()).filter(({ fact }) => fact === 'text')).toEqual([]);
      expect(await peer.submit(PHONE, gsm('FLOOD'))).toMatchObject({ command_status: 0 });
    });

    it('drops the link after the text was kept, so that nobody can know', async () => {
      world.faults.order({ channel: 'sms', kind: 'cut-after-body' });
      expect(await peer.submit(PHONE, gsm('FLOOD'))).toBeUndefined();
      expect(await arrived()).toHaveLength(1);
    });

    it('drops every link with a full window, and has nothing of the text that struck it', async () => {
      const other = new SmppPeer(world.ports.smpp);
      await other.bind();
      world.faults.order({ channel: 'sms', kind: 'drop-links' });
      expect(await peer.submit(PHONE, gsm('FLOOD'))).toBeUndefined();
      await other.closed;
      expect(await arrived()).toEqual([]);
    });

    it('never answers, although it has the text', async () => {
      world.faults.order({ channel: 'sms', kind: 'hang' });
      const reply = peer.submit(PHONE, gsm('FLOOD'));
      expect(await Promise.race([reply, pause(150).then(() => 'still waiting')])).toBe('still waiting');
      expect(await arrived()).toHaveLength(1);
      expect(await peer.ask('enquire_link')).toMatchObject({ command_status: 0 });
    });

    it('is slow with one answer, and answers the next text meanwhile', async () => {
      world.faults.order({ channel: 'sms', kind: 'slow', ms: 1_500, to: PHONE });
      const answered: string[] = [];
      await Promise.all([
        peer.submit(PHONE, gsm('slow')).then(() => answered.push('slow')),
        peer.submit('447700900124', gsm('quick')).then(() => answered.push('quick')),
      ]);
      expect(answered).toEqual(['quick', 'slow']);
    });

    it('answers generic_nack, and takes nothing', async () => {
      world.faults.order({ channel: 'sms', kind: 'nack' });
      expect(await peer.submit(PHONE, gsm('FLOOD'))).toMatchObject({
        command: 'generic_nack',
        command_status: 0x08,
      });
      expect(await arrived()).toEqual([]);
    });

    it('refuses the connection itself, once', async () => {
      world.faults.order({ channel: 'sms', kind: 'no-link' });
      const refused = new SmppPeer(world.ports.smpp);
      await refused.closed;
      const next = new SmppPeer(world.ports.smpp);
      expect(await next.bind()).toMatchObject({ command_status: 0 });
      next.end();
    });

    it('gives the receipt before the answer', async () => {
      world.faults.order({ channel: 'sms', kind: 'early-receipt' });
      const reply = peer
        .submit(PHONE, gsm('FLOOD'))
        .then((answer) => ({ answer, receipts: peer.delivered.length }));
      expect(await reply).toMatchObject({ answer: { message_id: '00000001' }, receipts: 1 });
      await untilDelivered(1);
    });

    it('gives the receipt twice', async () => {
      world.faults.order({ channel: 'sms', kind: 'duplicate-receipt' });
      await peer.submit(PHONE, gsm('FLOOD'));
      expect((await untilDelivered(2)).map((pdu) => pdu.receipted_message_id)).toEqual([
        '00000001',
        '00000001',
      ]);
    });

    it('gives a receipt for something that it never took', async () => {
      world.faults.order({ channel: 'sms', kind: 'unknown-receipt' });
      await peer.submit(PHONE, gsm('FLOOD'));
      expect((await untilDelivered(2)).map((pdu) => pdu.receipted_message_id).sort()).toEqual([
        '00000001',
        'F0000001',
      ]);
    });

    it('gives the receipt late, or never', async () => {
      // Told by the order in which they come, which a busy machine keeps.
      world.faults.order({ channel: 'sms', kind: 'late-receipt', ms: 2_000 });
      await peer.submit(PHONE, gsm('late'));
      await peer.submit('447700900124', gsm('in time'));
      const order = (await untilDelivered(2)).map(({ source_addr: from }) => from);
      expect(order).toEqual(['447700900124', PHONE]);
      world.faults.order({ channel: 'sms', kind: 'no-receipt' });
      await peer.submit(PHONE, gsm('FLOOD'));
      await untilDelivered(2);
    });
  });
});
