import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { samples } from '#contracts/testing';
import { inWords } from './in-words.js';

/** What each golden event says. A changed sentence changes every replay's digest: say so in the commit. */
const sentences: Readonly<Record<string, string>> = {
  AccountHealthReported: 'account broken: the token was refused',
  AccountReported: 'account ready: @lincspolice on Mastodon',
  ChunkPlanned: 'text message: version 1, group 1 of the recipients: next to be sent',
  ChunkReported: 'text message: version 1, group 1 of the recipients: 197 accepted, 2 refused, 1 unknown',
  DraftEdited: 'version 1 edited',
  EngagementSampled: 'Mastodon: version 1: 210 shares, an unknown number of likes, 4 replies',
  GateInForce: 'the withdrawal is in force on text message',
  InboundReceived: 'a reply by text message: STOP',
  IncidentOpened: 'incident opened: Wainfleet flood (lead: Lincolnshire Police)',
  PlanReported: 'text message: 200 recipients planned for version 1',
  PostReported: 'Mastodon: version 1 in English is accepted',
  ProposalConfirmed: "the partner's proposal was confirmed",
  ProposalDismissed: "the partner's proposal was dismissed: already withdrawn",
  ProposalReceived: 'a partner proposes to cancel: Remove Severe Flood Warning',
  ReceiptsCounted: 'text message: version 1: 190 delivered',
  WarningCancelled: 'the warning was withdrawn: sent in error',
  WarningDrafted: 'version 1 begun: Severe flood warning',
  WarningExpired: 'version 1 expired',
  WarningHeld: 'version 1 held until 2026-11-21 10:09: waiting for the river gauge',
  WarningIssued: 'version 1 approved and issued: Severe flood warning',
  WarningRejected: 'version 1 rejected: the county has warned already',
  WarningReturned: 'version 1 returned to its author: name the bridge',
  WarningSubmitted:
    'version 1 submitted for approval: Severe flood warning; let stand: phone-unknown (the rest centre’s own line, checked by telephone)',
  WarningSuperseded: 'version 1 replaced by version 2',
};

describe('an event in plain words', () => {
  it.each(samples())('$type', ({ type, json }) =>
    expect(inWords(type, JSON.parse(json))).toBe(sentences[type]),
  );

  it.each<[string, string, Record<string, unknown>, string]>([
    [
      'a plan under way',
      'PlanReported',
      { channel: 'email', recipients: 1, version: 2, act: 'issue' },
      'e-mail: 1 recipient planned for version 2 so far',
    ],
    [
      'a large plan',
      'PlanReported',
      { channel: 'sms', recipients: 1_234_567, version: 1, complete: true },
      'text message: 1,234,567 recipients planned for version 1',
    ],
    [
      'a plan that refused',
      'PlanReported',
      { channel: 'sms', version: 1, refused: 'the area is empty' },
      'text message: version 1 REFUSED: the area is empty',
    ],
    [
      'a group that nobody is left in',
      'ChunkReported',
      { channel: 'sms', act: 'cancel', chunk: 3, counts: {} },
      'text message: the withdrawal, group 4 of the recipients: nobody',
    ],
    [
      'a post that a platform refused',
      'PostReported',
      { platform: 'bluesky', version: 1, language: 'cy-GB', state: 'refused', reason: 'too-long' },
      'Bluesky: version 1 in Welsh is refused: too-long',
    ],
    [
      'a post in a language that has no name here',
      'PostReported',
      { platform: 'x', version: 1, language: 'gd-GB', state: 'pending', reason: null },
      'X: version 1 in gd-GB is pending',
    ],
    [
      'texts of which no receipt told',
      'ReceiptsCounted',
      { channel: 'sms', version: 1, delivered: 190, noReceipt: 12 },
      'text message: version 1: 190 delivered, 12 without a receipt',
    ],
    [
      'a channel that cannot know',
      'ReceiptsCounted',
      { channel: 'email', version: 1, delivered: null },
      'e-mail: version 1: delivery not known',
    ],
    [
      'a version in force',
      'GateInForce',
      { because: 'version', version: 2, channel: 'social' },
      'version 2 is in force on social media',
    ],
    [
      'a version that ended',
      'GateInForce',
      { because: 'expiry', version: 2, channel: 'social' },
      'version 2 has ended on social media',
    ],
    [
      'an all-clear',
      'WarningSuperseded',
      { version: 1, byVersion: 2, cleared: true },
      'version 1 ended: all clear',
    ],
    [
      'a draft without a title',
      'WarningDrafted',
      { version: 1, content: {} },
      'version 1 begun: no title yet',
    ],
    [
      'a hold without a time',
      'WarningHeld',
      { version: 1, reason: 'the gauge' },
      'version 1 held: the gauge',
    ],
    [
      'a post that one person shared, liked and answered',
      'EngagementSampled',
      { platform: 'bluesky', version: 2, shares: 1, likes: 1, replies: 1 },
      'Bluesky: version 2: 1 share, 1 like, 1 reply',
    ],
    [
      'a post that nobody answered, and many shared',
      'EngagementSampled',
      { platform: 'x', version: 1, shares: 12_345, likes: null, replies: 0 },
      'X: version 1: 12,345 shares, an unknown number of likes, 0 replies',
    ],
    ['an account without a fault', 'AccountHealthReported', { health: 'ok', detail: '' }, 'account ok'],
    [
      'a channel of tomorrow',
      'GateInForce',
      { because: 'version', version: 1, channel: 'sirens' },
      'version 1 is in force on sirens',
    ],
  ])('%s', (_, type, body, sentence) => expect(inWords(type, body)).toBe(sentence));

  it('that this build has no words for is named, and not left out', () =>
    expect(inWords('WarningTranslated', {})).toBe('WarningTranslated (this build has no words for it)'));

  it('whose body cannot be read is named as such', () =>
    expect(inWords('WarningIssued', undefined)).toBe('WarningIssued (its body cannot be read)'));

  it('cannot forge a second line, whatever the public writes to us', () => {
    const text = 'help\r\n2026-11-21 10:00:00.000  the warning was withdrawn';
    expect(inWords('InboundReceived', { channel: 'sms', text })).toBe(
      'a reply by text message: help / 2026-11-21 10:00:00.000  the warning was withdrawn',
    );
  });

  it('cannot command a terminal or turn the line round', () => {
    const text = '\u001b[2Jgone \u202Eback\u0007';
    expect(inWords('InboundReceived', { channel: 'sms', text })).toBe(
      'a reply by text message: [U+001B][2Jgone [U+202E]back[U+0007]',
    );
  });

  it('is told at once, however many blanks the public writes to us', () => {
    const began = performance.now();
    const said = inWords('InboundReceived', { channel: 'sms', text: `a${' '.repeat(100_000)}\n b` });
    expect(said).toBe('a reply by text message: a / b');
    const blanks = `a${' '.repeat(100_000)}b`;
    expect(inWords('InboundReceived', { channel: 'sms', text: blanks })).toContain(blanks);
    expect(performance.now() - began).toBeLessThan(10_000); // half a minute when each blank is tried as the first
  });

  it('is one line of text that can be shown, whatever stands in the body', () => {
    const type = fc.constantFrom(...Object.keys(sentences), 'Other\u0007Type');
    const field = fc.constantFrom(
      'reason',
      'text',
      'name',
      'channel',
      'platform',
      'state',
      'detail',
      'version',
      'counts',
      'content',
      'acknowledged',
    );
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.jsonValue());
    fc.assert(
      fc.property(type, fc.dictionary(field, value), (name, body) => {
        const sentence = inWords(name, body);
        expect(sentence.isWellFormed()).toBe(true);
        expect(sentence).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      }),
      { numRuns: 500, seed: 20261121 },
    );
  });
});
