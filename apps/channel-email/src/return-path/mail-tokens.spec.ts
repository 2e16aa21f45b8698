import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeliveryId } from '#contracts';
import { MailTokens } from './mail-tokens.js';

const tokens = new MailTokens('a key of at least thirty-two characters', 'bounce.example.org');
const hex = fc.stringMatching(/^[0-9a-f]{32}$/);

describe('what comes back by mail', () => {
  it('names its delivery, whatever a mail server did to upper and lower case', () =>
    fc.assert(
      fc.property(hex, (id) => {
        const path = tokens.returnPath(`dlv_${id}` as DeliveryId);
        expect(path.indexOf('@')).toBeLessThanOrEqual(64);
        expect(tokens.readReturnPath(path)).toBe(`dlv_${id}`);
        expect(tokens.readReturnPath(path.toUpperCase())).toBe(`dlv_${id}`);
      }),
      { seed: 20261121 },
    ));

  it('is not believed when anybody else made it up, or changed one digit', () =>
    fc.assert(
      fc.property(hex, fc.nat(47), (id, at) => {
        const path = tokens.returnPath(`dlv_${id}` as DeliveryId);
        const digit = path[at + 2] === '0' ? '1' : '0';
        expect(
          tokens.readReturnPath(`${path.slice(0, at + 2)}${digit}${path.slice(at + 3)}`),
        ).toBeUndefined();
      }),
      { seed: 20261121 },
    ));

  it.each([
    '',
    'postmaster@bounce.example.org',
    'b+00@bounce.example.org',
    `b+${'0'.repeat(48)}@elsewhere.example`,
  ])('is nobody’s: %s', (address) => expect(tokens.readReturnPath(address)).toBeUndefined());

  it('never opens an unsubscribe link: the two kinds of token do not meet', () => {
    const id = 'a'.repeat(32);
    const bounce = tokens.returnPath(`dlv_${id}` as DeliveryId).slice(2, 50);
    expect(tokens.readUnsubscribeToken(bounce)).toBeUndefined();
    expect(tokens.readUnsubscribeToken(tokens.unsubscribeToken(`sub_${id}`))).toBe(`sub_${id}`);
  });
});
