import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ListWorld, cancelled, composed, issued, listTexts, warning } from '#channel/testing';
import { HealthRegistry, Metrics, silentLog } from '#runtime';
import { assembleSms } from '#wording';
import { SmsConfig } from './config.js';
import { SmsService } from './sms-service.js';
import { aReceipt, ScriptedSmsc } from './testing/scripted-smsc.js';
import { TLV, type PduOf } from './smpp/protocol.js';

const none: ReadonlyMap<number, Uint8Array> = new Map();
const IN_AREA = '53.1,0.25,2026-11-01T00:00:00Z';
const OUTSIDE = '51.5,-0.12,2026-11-01T00:00:00Z';
const phone = (n: number) => `+447700900${String(n).padStart(3, '0')}`;

/** The text as a phone shows it, from all parts that went to one number. */
const shownOn = (pdus: readonly PduOf<'submit_sm'>[], number: string) => {
  const parts = pdus
    .filter(({ destination }) => `+${destination}` === number)
    .map(({ esmClass, dataCoding, message }) => {
      const headed = esmClass === 0x40 ? message[0]! + 1 : 0;
      return {
        ...(headed > 0 ? { udh: message.subarray(0, headed) } : {}),
        payload: message.subarray(headed),
        encoding: dataCoding === 8 ? ('UCS-2' as const) : ('GSM-7' as const),
      };
    });
  const whole = assembleSms(parts);
  return whole.complete ? whole.text : `incomplete: ${whole.missing.join()}`;
};

describe('the SMS channel', () => {
  let world: ListWorld;
  let smsc: ScriptedSmsc;
  const services: SmsService[] = [];

  const open = async (settings: Record<string, unknown> = {}) => {
    const service = new SmsService(
      SmsConfig.parse({
        SMPP_URL: `smpp://larum:secret@127.0.0.1:${smsc.port}`,
        SMPP_LOGIN_MODE: 'exercise',
        SMPP_PARTS_PER_SECOND: 2_000,
        SMPP_ANSWER_TIMEOUT_MS: 500,
        SMS_SENDER: '+447700900999',
        SMS_ACCOUNT_ID: `acc_${'5'.repeat(32)}`,
        ...settings,
      }),
      {
        mode: 'exercise',
        db: world.test.db,
        stream: world.stream,
        log: silentLog,
        clock: world.clock,
        health: new HealthRegistry(),
        metrics: new Metrics(),
      },
    );
    await service.migrate();
    services.push(service);
    return service;
  };
  const flood = (wish: Partial<Parameters<typeof issued>[0]> = {}) =>
    issued({
      at: world.clock.now(),
      expiresAt: world.clock.in(3_600_000),
      channels: ['sms'],
      composed: listTexts('sms', wish.version ?? 1, ['en-GB', 'cy-GB']),
      ...wish,
    });
  const counted = async () => (await world.facts('ReceiptsCounted')).at(-1);
  const bound = () => smsc.sides.findLast(({ socket }) => !socket.destroyed)!;
  let sequence = 100;
  const bring = (pdu: PduOf<'deliver_sm'>) => bound().send({ ...pdu, sequence: (sequence += 1) });
  const write = (from: string, text: string, more: Partial<PduOf<'deliver_sm'>> = {}) =>
    bring({
      ...aReceipt(0, ''),
      esmClass: 0,
      source: from.slice(1),
      message: Buffer.from(text, 'latin1'),
      ...more,
    });

  beforeEach(async () => {
    world = await ListWorld.open('sms');
    smsc = await ScriptedSmsc.listen();
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    await world.close();
    await smsc.close();
  });

  it('sends to everybody in the area, to nobody else, in their language, and hears what arrived', async () => {
    const service = await open();
    await world.subscribe(
      `${phone(1)},en-GB,${IN_AREA}`,
      `${phone(2)},cy-GB,${IN_AREA}`,
      `${phone(3)},en-GB,${OUTSIDE}`,
    );
    await service.start();
    await world.publish(flood());
    expect(await world.settled()).toEqual({ accepted: 2 });
    expect(shownOn(smsc.submitted, phone(1))).toBe('Flooding. v1 first en-GB');
    expect(shownOn(smsc.submitted, phone(2))).toBe('Flooding. v1 first cy-GB');
    expect(smsc.submitted).toHaveLength(2);
    expect(smsc.submitted[0]).toMatchObject({ source: '447700900999', sourceTon: 1, registeredDelivery: 1 });
    expect(smsc.submitted[0]!.validityPeriod).toMatch(/^0000000059\d\d000R$|^000000010000000R$/);

    bring(aReceipt(0, '1'));
    bring(aReceipt(0, '2', 'UNDELIV'));
    await world.until(counted, (fact) => fact?.['delivered'] === 1 && fact['undelivered'] === 1);
    expect(await counted()).toMatchObject({
      channel: 'sms',
      version: 1,
      act: 'issue',
      bounced: null,
      complained: null,
    });
  });

  it('counts the texts of which no receipt told, three days after the end of sending', async () => {
    const first = await open();
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`, `${phone(2)},en-GB,${IN_AREA}`);
    await first.start();
    await world.publish(flood());
    expect(await world.settled()).toEqual({ accepted: 2 });
    bring(aReceipt(0, '1'));
    await world.until(counted, (fact) => fact?.['delivered'] === 1);
    expect(await counted()).toMatchObject({ noReceipt: null });
    await world.test.db.execute(
      `update channel_sms.sending set send_until = clock_timestamp() - interval '73 hours'`,
    );
    await (await open()).tidy(); // as after a restart; a process that runs looks every ten minutes
    await world.until(counted, (fact) => fact?.['noReceipt'] === 1);
  });

  it('sends a long Welsh text whole, each message with a number of its own', async () => {
    const text = 'Rhybudd llifogydd difrifol: mae dŵr yr afon yn codi’n gyflym yng Nghonwy. '
      .repeat(3)
      .trim();
    const service = await open();
    await world.subscribe(`${phone(1)},cy-GB,${IN_AREA}`, `${phone(2)},cy-GB,${IN_AREA}`);
    await service.start();
    const one = (version: number) =>
      composed({
        channel: 'sms',
        language: 'cy-GB',
        texts: [text],
        variant: version === 1 ? 'first' : 'thread',
      });
    await world.publish(flood({ composed: [one(1)] }));
    await world.settled();
    expect(shownOn(smsc.submitted, phone(1))).toBe(text);
    expect(smsc.submitted).toHaveLength(8);
    await world.publish(flood({ version: 2, composed: [one(2)] }));
    await world.settled(2);
    const references = smsc.submitted
      .filter(({ destination }) => `+${destination}` === phone(1))
      .map(({ message }) => message[3]!);
    expect(references).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('counts a text of several parts as delivered when all of them are', async () => {
    const service = await open();
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
    await service.start();
    await world.publish(
      flood({ composed: [composed({ channel: 'sms', texts: ['Leave now. '.repeat(30).trim()] })] }),
    );
    await world.settled();
    expect(smsc.submitted).toHaveLength(3);
    bring(aReceipt(0, '1'));
    bring(aReceipt(0, '3'));
    await world.until(
      () => world.test.db.query(`select 1 from channel_sms.part_receipt where counted`),
      (rows) => rows.length === 2,
    );
    expect(await counted()).toBeUndefined();
    bring(aReceipt(0, '2'));
    await world.until(counted, (fact) => fact?.['delivered'] === 1);
  });

  it('hears receipts that come before the answer, twice, on another session and out of order', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      const id = Buffer.from('7F');
      const other = smsc.sides.find((one) => one !== side)!;
      other.send({
        ...aReceipt(
          1,
          '',
          'DELIVRD',
          new Map([
            [TLV.receiptedMessageId, id],
            [TLV.messageState, Uint8Array.of(2)],
          ]),
        ),
      });
      side.send({ ...aReceipt(2, '127', 'UNDELIV') });
      const { sequence } = pdu;
      setTimeout(
        () => side.send({ command: 'submit_sm_resp', status: 0, sequence, messageId: '7f', tlvs: none }),
        100,
      );
      return 'handled';
    };
    const service = await open({ SMPP_ANSWER_IDS: 'hex', SMPP_RECEIPT_IDS: 'hex' });
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
    await service.start();
    await world.until(
      () => smsc.sides.length,
      (sides) => sides === 2,
    );
    await world.publish(flood());
    await world.until(counted, (fact) => fact?.['delivered'] === 1);
    expect(await world.states()).toEqual({ accepted: 1 });
  });

  it('keeps a receipt about nothing of ours, and says so once', async () => {
    const service = await open();
    await service.start();
    await world.until(
      () => smsc.sides.length,
      (sides) => sides === 2,
    );
    bring(aReceipt(0, 'somebody-elses'));
    await world.until(
      () => bound().received.filter(({ command }) => command === 'deliver_sm_resp').length,
      (n) => n === 1,
    );
    const book = (service as unknown as { book: { giveUpUnmatched(heldMs: number): Promise<number> } }).book;
    expect(await book.giveUpUnmatched(60_000)).toBe(0);
    expect(await book.giveUpUnmatched(0)).toBe(1);
    expect(await book.giveUpUnmatched(0)).toBe(0);
    expect(await world.test.db.query('select message_id from channel_sms.part_receipt')).toHaveLength(1);
  });

  it('marks whom a broken link leaves in doubt, and believes the receipt that settles it', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm' || pdu.destination !== phone(1).slice(1)) return 'default';
      side.socket.resetAndDestroy();
      return 'handled';
    };
    const service = await open();
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`, `${phone(2)},en-GB,${IN_AREA}`);
    await service.start();
    await world.until(
      () => service.gateway.boundLinks,
      (links) => links === 2,
    );
    await world.publish(flood());
    const states = await world.settled();
    expect(states['unknown']).toBeGreaterThanOrEqual(1);
    const told = async () =>
      (await world.facts('ChunkReported')).map(({ counts }) => counts as Record<string, number>);
    await world.until(told, (seen) => seen.some(({ wasUnknown }) => Number(wasUnknown) > 0));
  });

  it('asks once more, with the same reference, where a Severe warning may be lost', async () => {
    let lost = 0;
    smsc.script = (pdu) => (pdu.command === 'submit_sm' && (lost += 1) === 1 ? 'handled' : 'default');
    const service = await open({ SMPP_ANSWER_TIMEOUT_MS: 1_000 });
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
    await service.start();
    await world.publish(flood({ severity: 'Severe' }));
    expect(await world.settled()).toEqual({ accepted: 1 });
    const [first, second] = smsc.submitted;
    expect(smsc.submitted).toHaveLength(2);
    expect(second!.message).toEqual(first!.message);
    expect(second!.tlvs).toEqual(first!.tlvs);
  });

  it('knows from a late answer which receipt belongs to whom', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      const { sequence } = pdu;
      setTimeout(
        () => side.send({ command: 'submit_sm_resp', status: 0, sequence, messageId: 'late', tlvs: none }),
        250,
      );
      return 'handled';
    };
    const service = await open({ SMPP_ANSWER_TIMEOUT_MS: 100 });
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
    await service.start();
    await world.publish(flood());
    expect(await world.settled()).toEqual({ unknown: 1 });
    bring(aReceipt(0, 'late'));
    await world.until(
      () => world.states(),
      (states) => states['accepted'] === 1,
    );
  });

  it('refuses a number that is gone, with the gateway’s word for it', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      side.send({
        command: 'submit_sm_resp',
        status: 0x0b,
        sequence: pdu.sequence,
        messageId: '',
        tlvs: none,
      });
      return 'handled';
    };
    const service = await open();
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
    await service.start();
    await world.publish(flood());
    expect(await world.settled()).toEqual({ refused: 1 });
    const reasons = async () => (await world.facts('ChunkReported')).at(-1)?.['reasons'];
    await world.until(reasons, (told) => JSON.stringify(told) === '{"gone":1}');
  });

  it('refuses a text of too many parts rather than cutting it', async () => {
    const service = await open({ SMS_MOST_PARTS: 2 });
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
    await service.start();
    await world.publish(flood({ composed: [composed({ channel: 'sms', texts: ['x'.repeat(400)] })] }));
    expect(await world.settled()).toEqual({ refused: 1 });
    expect(smsc.submitted).toHaveLength(0);
  });

  it('waits for a gateway that is away, and sends when it is back', async () => {
    const service = await open();
    const { port } = smsc;
    await smsc.close();
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
    await service.start();
    await world.publish(flood());
    await world.until(
      () => world.test.db.query('select 1 from channel_sms.armed'),
      (rows) => rows.length > 0,
    );
    smsc = await ScriptedSmsc.listen(port);
    expect(await world.settled()).toEqual({ accepted: 1 });
    expect(smsc.submitted).toHaveLength(1);
  });

  it('withdraws the warning from everybody who got it, and from nobody else', async () => {
    const service = await open();
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`, `${phone(2)},en-GB,${IN_AREA}`);
    await service.start();
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm' || pdu.destination !== phone(2).slice(1)) return 'default';
      side.send({
        command: 'submit_sm_resp',
        status: 0x0b,
        sequence: pdu.sequence,
        messageId: '',
        tlvs: none,
      });
      return 'handled';
    };
    await world.publish(flood());
    await world.settled();
    const before = smsc.submitted.length;
    await world.publish(cancelled({ at: world.clock.now() }));
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 1 });
    expect(shownOn(smsc.submitted.slice(before), phone(1))).toBe('Withdrawn. v1 en-GB');
    expect(smsc.submitted).toHaveLength(before + 1);
  });

  describe('hears the public', () => {
    const inbound = () => world.facts('InboundReceived');

    it('and takes whoever writes STOP off the list at once', async () => {
      const service = await open();
      await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
      await service.start();
      await world.publish(flood());
      await world.settled();
      write(phone(1), ' Stop. ');
      const [fact] = await world.until(inbound, (facts) => facts.length === 1);
      expect(fact).toMatchObject({ keyword: 'stop', text: ' Stop. ', channel: 'sms', warningId: warning(1) });
      expect(JSON.stringify(fact)).not.toContain('7700900001'); // the number stays in this service
      await world.publish(flood({ warningId: warning(2) }));
      await world.until(
        () => world.facts('PlanReported'),
        (facts) => facts.some((one) => one['warningId'] === warning(2) && one['complete'] === true),
      );
      expect(smsc.submitted).toHaveLength(1);

      write(phone(1), 'START');
      await world.until(inbound, (facts) => facts.length === 2);
      expect(await service.channel.subscribers.byAddress(phone(1))).toMatchObject({ suppressed: null });
    });

    it('and knows what an answer is about that comes before the gateway has said that it took the warning', async () => {
      let say = (): void => {};
      smsc.script = (pdu, side) => {
        if (pdu.command !== 'submit_sm') return 'default';
        const { sequence } = pdu;
        say = () => side.send({ command: 'submit_sm_resp', status: 0, sequence, messageId: '1', tlvs: none });
        write(phone(1), 'we are safe');
        return 'handled';
      };
      const service = await open();
      await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
      await service.start();
      await world.publish(flood());
      const [fact] = await world.until(inbound, (facts) => facts.length === 1);
      say();
      expect(fact).toMatchObject({ text: 'we are safe', warningId: warning(1) });
      expect(await world.settled()).toEqual({ accepted: 1 });
    });

    it('and gives free text to the inbox, whole, from a stranger as well', async () => {
      const service = await open();
      await service.start();
      await world.until(
        () => service.gateway.boundLinks,
        (links) => links === 2,
      );
      const part = (number: number, text: string) => ({
        esmClass: 0x40,
        dataCoding: 8,
        message: Buffer.concat([
          Uint8Array.of(5, 0, 3, 77, 2, number),
          Buffer.from(text, 'utf16le').swap16(),
        ]),
      });
      write(phone(9), '', part(2, 'to’r tŷ 🌊'));
      write(phone(9), '', part(1, 'Rydym ar '));
      const [fact] = await world.until(inbound, (facts) => facts.length === 1);
      expect(fact).toMatchObject({ text: 'Rydym ar to’r tŷ 🌊' });
      expect(fact).not.toHaveProperty('keyword');
      expect(fact).not.toHaveProperty('warningId');
    });

    it('and shows a long text whose last part never comes', async () => {
      const service = await open();
      await service.start();
      await world.until(
        () => service.gateway.boundLinks,
        (links) => links === 2,
      );
      const message = Buffer.concat([Uint8Array.of(5, 0, 3, 7, 2, 1), Buffer.from('We are trapped at')]);
      write(phone(9), '', { esmClass: 0x40, message });
      await world.until(
        () => world.test.db.query('select 1 from channel_sms.incoming_part'),
        (rows) => rows.length === 1,
      );
      const replies = (service as unknown as { replies: { takeIncomplete(waitMs: number): Promise<number> } })
        .replies;
      expect(await replies.takeIncomplete(0)).toBe(1);
      expect((await inbound())[0]).toMatchObject({ text: 'We are trapped at […] ' });
    });
  });

  it('goes on with receipts that were stored before it was stopped', async () => {
    const service = await open();
    await world.subscribe(`${phone(1)},en-GB,${IN_AREA}`);
    await service.start();
    await world.publish(flood());
    await world.settled();
    await services.pop()!.close();
    await world.test.db.query(
      `insert into channel_sms.part_receipt (smsc, message_id, state, rank, error) values ('smsc', '1', 'delivered', 7, '')`,
    );
    await (await open()).start();
    await world.until(counted, (fact) => fact?.['delivered'] === 1);
  });

  it('that is stopped while it remembers how its gateway was binds to nobody any more', async () => {
    const service = await open();
    let binds = 0;
    service.gateway.start = () => void (binds += 1);
    const started = service.start();
    await service.close();
    await started;
    expect(binds).toBe(0);
  });

  it('does not start with a login of the other world', async () => {
    await expect(open({ SMPP_LOGIN_MODE: 'live' })).rejects.toThrow('is for live');
  });

  it('says that its login is refused, and reports what it can carry', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'bind_transceiver') return 'default';
      side.send({
        command: 'bind_transceiver_resp',
        status: 0x0e,
        sequence: pdu.sequence,
        systemId: '',
        tlvs: none,
      });
      return 'handled';
    };
    await (await open()).start();
    await world.until(
      () => world.facts('AccountHealthReported'),
      (facts) => facts[0]?.['health'] === 'broken',
    );
    expect(await world.facts('AccountReported')).toMatchObject([
      { channel: 'sms', limits: { max: 918, maxParts: 6 } },
    ]);
    // The password is corrected where the process reads it, so another process finds the gateway well.
    await services.pop()!.close();
    smsc.script = () => 'default';
    await (await open()).start();
    const health = () => world.facts('AccountHealthReported');
    await world.until(health, (facts) => facts.at(-1)?.['health'] === 'ok', 20_000);
  });
});
