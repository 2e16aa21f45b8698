import { domainToASCII } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { labelOctets } from './punycode-length.js';

describe('the octets of a label in DNS', () => {
  it.each([
    'gov',
    'bücher',
    'ŵyneb',
    '日本語',
    'みんな',
    'рф',
    'aüößz',
    '水',
    'a'.repeat(63),
    'ü'.repeat(20),
    'президент',
  ])('of %s are those of its Punycode', (label) =>
    expect(labelOctets(label)).toBe(domainToASCII(label).length),
  );

  it('are more than 63 where no name server would take the label', () => {
    expect(labelOctets('a'.repeat(64))).toBe(64);
    expect(labelOctets('水'.repeat(70))).toBeGreaterThan(63);
    expect(labelOctets('ü'.repeat(500_000))).toBeGreaterThan(63);
  });
});
