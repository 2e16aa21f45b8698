const ALERT =
  '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>i</identifier><sender>s</sender>' +
  '<sent>2026-11-21T09:30:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>';
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('');

/** A feed that is made to fill memory: one text with nothing in between, or parts of which none is like another. */
export type HostileFeed = {
  readonly name: string;
  readonly refused?: string;
  readonly part: (index: number) => string;
};

/** The parts of each are repeated until the feed has 16 MB. */
export const HOSTILE_FEEDS: readonly HostileFeed[] = [
  {
    name: 'alerts as they should be',
    part: () => `<entry><content>${ALERT}<note>${'x'.repeat(1_800)}</note></alert></content></entry>\n`,
  },
  {
    name: '30 new prefixes in each entry',
    part: (entry) => `<entry ${times(30, (i) => `xmlns:p${entry}x${i}="u" `)}/>`,
  },
  {
    name: '250 new attributes in each entry',
    part: (entry) => `<entry ${times(250, (i) => `attribute${entry}x${i}="" `)}/>`,
  },
  {
    name: '250 new elements in each entry',
    part: (entry) => `<entry>${times(250, (i) => `<é${entry}x${i}/>`)}</entry>`,
  },
  {
    name: '100 new prefixes in each alert',
    part: (entry) =>
      `<entry>${ALERT}${times(100, (i) => `<q${i}:x xmlns:q${i}="u${entry}y${i}"/>`)}</alert></entry>`,
  },
  { name: 'comments', refused: 'too-many-nodes', part: () => '<!---->' },
  { name: 'line ends', part: () => '\r\n' },
  { name: 'references', part: () => '&#65;' },
  {
    name: 'attributes that stay',
    refused: 'too-many-nodes',
    part: () => `<x ${times(250, (i) => `a${i}="" `)}/>`,
  },
  { name: 'links', refused: 'too-many-alerts', part: () => '<entry><link href="a"/></entry>' },
  {
    name: 'empty alerts',
    refused: 'too-many-alerts',
    part: () => '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>',
  },
];

/** The whole feed, in bytes: a long text would lie in memory as well. */
export function bytesOfFeed({ part }: HostileFeed, most: number): Buffer {
  const parts = [Buffer.from('<feed xmlns="http://www.w3.org/2005/Atom">')];
  for (let length = 50, i = 0; ; i += 1) {
    // Short parts go by the thousand: not one buffer for each.
    const next = Buffer.from(part(i).length < 20 ? part(i).repeat(1_000) : part(i));
    length += next.length;
    if (length > most) break;
    parts.push(next);
  }
  return Buffer.concat([...parts, Buffer.from('</feed>')]);
}
