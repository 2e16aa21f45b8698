import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FAULT_KINDS, type FaultKind } from '../platform/faults.js';
import { PracticeWorld } from '../practice-world.js';
import { KeptWorld, SmtpDialogue } from '../testing/index.js';

const RETURN_PATH = 'b+dlv_1.a7@bounce.example';
const MAIL = 'Subject: FLOOD\r\n\r\nLeave now.\r\n';
type Step = 'greeting' | 'RCPT' | 'dot';

/** At which step each fault strikes, what the sender hears (`closed` where the link goes, undefined for silence), and what is kept. */
const ROWS: Record<
  FaultKind<'email'>,
  { at: Step; hears: RegExp | undefined; kept: number; refused: number }
> = {
  'no-link': { at: 'greeting', hears: /^421 4\.3\.2/, kept: 0, refused: 0 },
  refuse: { at: 'RCPT', hears: /^550 5\.1\.1/, kept: 0, refused: 1 },
  defer: { at: 'RCPT', hears: /^451 4\.7\.1/, kept: 0, refused: 1 },
  'too-many': { at: 'RCPT', hears: /^452 4\.5\.3/, kept: 0, refused: 1 },
  full: { at: 'RCPT', hears: /^552 5\.2\.2/, kept: 0, refused: 1 },
  '421': { at: 'RCPT', hears: /^421 4\.3\.2/, kept: 0, refused: 1 },
  policy: { at: 'dot', hears: /^554 5\.7\.1/, kept: 0, refused: 1 },
  'cut-before-body': { at: 'dot', hears: /^closed$/, kept: 0, refused: 0 },
  'cut-after-body': { at: 'dot', hears: /^closed$/, kept: 1, refused: 0 },
  hang: { at: 'dot', hears: undefined, kept: 1, refused: 0 },
  slow: { at: 'dot', hears: /^250 2\.0\.0/, kept: 1, refused: 0 },
  bounce: { at: 'dot', hears: /^250 2\.0\.0/, kept: 1, refused: 0 },
};

describe('a conversation with the mail server', () => {
  let folder: KeptWorld;
  let world: PracticeWorld;
  let smtp: SmtpDialogue | undefined;
  beforeEach(async () => {
    folder = await KeptWorld.begin();
    await folder.record.close();
    world = await PracticeWorld.open({
      dataDir: folder.dataDir,
      seed: 'wainfleet',
      population: { mail: {} },
    });
  });
  afterEach(async () => {
    smtp?.end();
    await world.close();
    await folder.again();
    await folder.end();
  });
  const counts = () => world.counts().email;
  const begun = async (): Promise<SmtpDialogue> => (smtp = await SmtpDialogue.begin(world.ports.smtp));

  it('has a row for every fault that can be ordered', () =>
    expect(Object.keys(ROWS).toSorted()).toEqual([...FAULT_KINDS.email].toSorted()));

  it.each(Object.entries(ROWS))('goes by the script of %s', async (kind, { at, hears, kept, refused }) => {
    world.faults.order({ channel: 'email', kind, ms: 20 });
    if (at === 'greeting') {
      smtp = SmtpDialogue.connected(world.ports.smtp);
      return expect(await smtp.reply()).toMatch(hears!);
    }
    const dialogue = await begun();
    await dialogue.say(`MAIL FROM:<${RETURN_PATH}>`);
    const rcpt = await dialogue.say('RCPT TO:<ann@example.org>');
    if (at === 'RCPT') expect(rcpt).toMatch(hears!);
    else {
      expect(rcpt).toMatch(/^250/);
      await dialogue.say('DATA');
      const end = dialogue.say(`${MAIL}.`);
      if (hears !== undefined) expect(await end).toMatch(hears);
      // Silence: the mail is there, and nothing was said.
      for (const until = performance.now() + 20_000; counts().arrived < kept && performance.now() < until;)
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(counts()).toEqual({ arrived: kept, refused });
  });

  it('takes a mail for those who take it, where one of its recipients does not', async () => {
    world.faults.order({ channel: 'email', kind: 'refuse', to: 'bob@example.org' });
    const dialogue = await begun();
    await dialogue.say(`MAIL FROM:<${RETURN_PATH}>`);
    const replies = [];
    for (const name of ['ann', 'bob', 'cai'])
      replies.push(await dialogue.say(`RCPT TO:<${name}@example.org>`));
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['250', '550', '250']);
    await dialogue.say('DATA');
    expect(await dialogue.say(`${MAIL}.`)).toMatch(/^250/);
    expect(counts()).toEqual({ arrived: 2, refused: 1 });
  });

  it('wants a recipient before it wants a mail', async () => {
    world.faults.order({ channel: 'email', kind: 'refuse' });
    const dialogue = await begun();
    await dialogue.say(`MAIL FROM:<${RETURN_PATH}>`);
    await dialogue.say('RCPT TO:<ann@example.org>');
    expect(await dialogue.say('DATA')).toMatch(/^503 /);
    expect(counts().arrived).toBe(0);
  });

  it('goes on after RSET as if nothing had been said', async () => {
    const dialogue = await begun();
    await dialogue.say('MAIL FROM:<somebody@else.example>');
    await dialogue.say('RCPT TO:<bob@example.org>');
    expect(await dialogue.say('RSET')).toMatch(/^250/);
    expect(await dialogue.send(RETURN_PATH, 'ann@example.org', MAIL)).toMatch(/^250/);
    expect(counts()).toEqual({ arrived: 1, refused: 0 });
  });

  it('turns away a mail that says it is larger than what fits, before it comes', async () => {
    const dialogue = await begun();
    expect(await dialogue.say(`MAIL FROM:<${RETURN_PATH}> SIZE=10485761`)).toMatch(/^552 /);
    expect(await dialogue.say(`MAIL FROM:<${RETURN_PATH}> SIZE=10485760`)).toMatch(/^250 /);
  });

  it('takes letters of every language in words and in addresses, where the sender says so', async () => {
    const dialogue = await begun();
    await dialogue.say(`MAIL FROM:<${RETURN_PATH}> BODY=8BITMIME SMTPUTF8`);
    expect(await dialogue.say('RCPT TO:<siân@enghraifft.example>')).toMatch(/^250/);
    await dialogue.say('DATA');
    const words =
      'Subject: LLIFOGYDD\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nMae’r dŵr yn codi 🌊\r\n';
    expect(await dialogue.say(`${words}.`)).toMatch(/^250/);
    for await (const mail of world.arrivals('email'))
      expect(mail).toMatchObject({ to: 'siân@enghraifft.example', text: 'Mae’r dŵr yn codi 🌊\n' });
  });
});
