import { describe, expect, it } from '@jest/globals';
import { readCap } from '../reading/read-cap.js';
import { anAlert, anInfo } from '../testing/builders.js';
import { atomFeed, entryId, type FeedOptions, rssFeed } from './feeds.js';

const options: FeedOptions = {
  title: 'Warnings & advice',
  id: 'urn:larum:feed:public',
  link: 'https://example.org/feed',
  author: 'Lincolnshire Police',
  updatedMs: Date.UTC(2026, 10, 21, 12),
  language: 'cy-GB',
};
const alert = anAlert({
  status: 'Actual',
  infos: [anInfo(), anInfo({ language: 'cy-GB', headline: 'Llifogydd <difrifol>' })],
});
const cancel = anAlert({
  identifier: 'FLOOD-2',
  msgType: 'Cancel',
  sent: '2026-11-21T11:00:00-00:00',
  status: 'Exercise',
});
const entries = [alert, cancel].map((each) => ({
  alert: each,
  href: `https://example.org/cap/${each.identifier}?a=1&b=2`,
}));

describe('a feed of our alerts', () => {
  it('links to each message’s own bytes, newest first, each an entry of its own', () => {
    const feed = atomFeed(entries, options);
    const { links, wellFormed } = readCap(Buffer.from(feed));
    expect(wellFormed).toBe(true);
    expect(links).toEqual([
      {
        href: 'https://example.org/cap/FLOOD-2?a=1&b=2',
        id: entryId(cancel),
        title: 'EXERCISE: Cancel: Severe flood warning for Wainfleet',
        updated: '2026-11-21T11:00:00Z',
      },
      {
        href: 'https://example.org/cap/FLOOD-1?a=1&b=2',
        id: entryId(alert),
        title: 'Llifogydd <difrifol>',
        updated: '2026-11-21T09:30:00Z',
      },
    ]);
    expect(feed).toContain('type="application/cap+xml"');
    expect(atomFeed(entries.toReversed(), options)).toBe(feed);
  });

  it('says the same as RSS', () => {
    const { links } = readCap(Buffer.from(rssFeed(entries, options)));
    expect(links.map(({ href, id }) => [href, id])).toEqual([
      ['https://example.org/cap/FLOOD-2?a=1&b=2', entryId(cancel)],
      ['https://example.org/cap/FLOOD-1?a=1&b=2', entryId(alert)],
    ]);
  });

  it('is dated when it has nothing to say, and drops what ended two days ago', () => {
    const later = { ...options, updatedMs: Date.UTC(2026, 10, 24, 10) };
    expect(atomFeed(entries, later)).not.toContain('<entry>');
    expect(atomFeed([], later)).toContain('<updated>2026-11-24T10:00:00Z</updated>');
  });
});
