import { describe, expect, it } from '@jest/globals';
import { composed } from '#channel/testing';
import type { ComposedText } from '#contracts';
import { flooding, id, identity } from '../testing/mails.js';
import { Templates } from './templates.js';

const text = (wish: Partial<ComposedText> = {}): ComposedText => ({
  ...composed({ channel: 'email', subject: 'EXERCISE Flood', texts: ['Leave now.'] }),
  ...wish,
});
const forged = (): ComposedText => text({ parts: [{ text: 'Stay.', sha256: '0'.repeat(64) }] });

describe('the mails of a version', () => {
  it('are formed once for everybody who gets the same text', async () => {
    const templates = new Templates(identity);
    const first = await templates.of({ text: text(), answers: null }, flooding);
    expect(await templates.of({ text: text(), answers: null }, flooding)).toBe(first);
  });

  it.each([
    ['as an answer', { text: text(), answers: id('7') }, flooding],
    ['in another language', { text: text({ language: 'cy-GB' }), answers: null }, flooding],
    ['of a milder warning', { text: text(), answers: null }, { ...flooding, severity: 'Minor' as const }],
    ['in earnest', { text: text(), answers: null }, { ...flooding, mode: 'live' as const }],
  ])('are formed anew %s', async (_, recipient, about) => {
    const templates = new Templates(identity);
    const first = await templates.of({ text: text(), answers: null }, flooding);
    expect(await templates.of(recipient, about)).not.toBe(first);
  });

  it('are ready when they are approved: an officer reads for longer than it takes to form them', async () => {
    const templates = new Templates(identity);
    await templates.form([text(), text({ language: 'cy-GB' })], flooding);
    let isThere = false;
    void templates.of({ text: text(), answers: null }, flooding).then(() => (isThere = true));
    await Promise.resolve(); // no time at all
    await Promise.resolve();
    expect(isThere).toBe(true);
  });

  it('are formed as answers where they will answer: a cancel, and an update in its thread', async () => {
    const templates = new Templates(identity);
    const [update, cancel] = [text({ variant: 'thread' }), text({ act: 'cancel', language: 'cy-GB' })];
    await templates.form([update, cancel], flooding);
    for (const one of [update, cancel]) {
      const formed = await templates.of({ text: one, answers: id('7') }, flooding);
      const person = { to: 'ann@example.org', deliveryId: id('1'), answers: id('7') };
      const rest = { unsubscribeToken: 'a1'.repeat(24), date: 'Sat, 21 Nov 2026 10:00:00 +0000' };
      expect(formed.mailFor({ ...person, ...rest })).toContain(`In-Reply-To: <${id('7')}@agency.example>`);
    }
  });

  it('say what is wrong with a text when it is to be sent, not while it is read', async () => {
    const templates = new Templates(identity);
    await expect(templates.form([forged(), text()], flooding)).resolves.toBeUndefined();
    await expect(templates.of({ text: forged(), answers: null }, flooding)).rejects.toThrow(
      'not what was approved',
    );
    await expect(templates.of({ text: text(), answers: null }, flooding)).resolves.toBeDefined();
  });

  it('are forgotten when there are many newer ones, and formed again when they are wanted after all', async () => {
    const templates = new Templates(identity);
    const first = await templates.of({ text: text(), answers: null }, flooding);
    const many = Array.from({ length: 200 }, (_, n) =>
      composed({ channel: 'email', subject: `Flood ${n}`, texts: ['Go.'] }),
    );
    await templates.form(many, flooding);
    expect(await templates.of({ text: text(), answers: null }, flooding)).not.toBe(first);
  });
});
