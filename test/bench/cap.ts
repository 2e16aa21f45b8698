import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { readCap, writeCap } from '#cap';

/** CPU milliseconds of one call: the best of five rounds after a warm-up, since other programs run on the same cores. */
function cpuMs(work: () => void, times: number): number {
  for (let i = 0; i < times; i += 1) work();
  let best = Infinity;
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage();
    for (let i = 0; i < times; i += 1) work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000 / times);
  }
  return best;
}

const head = (identifier: string): string =>
  `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${identifier}</identifier><sender>ea@example.org</sender>` +
  '<sent>2026-11-21T09:30:00-00:00</sent><status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>';

const info = (language: string, points: number, place = 0): string =>
  `<info><language>${language}</language><category>Met</category><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>` +
  '<certainty>Likely</certainty><expires>2026-11-22T09:30:00-00:00</expires><senderName>Environment Agency</senderName>' +
  `<headline>Flood at Wainfleet</headline><description>${'The Steeping is rising and will top its banks. '.repeat(10)}</description>` +
  `<instruction>Go upstairs.</instruction><web>https://example.org/</web><contact>0345 988 1188</contact><area><areaDesc>Wainfleet</areaDesc>` +
  `<polygon>${shoreline(points, place)}</polygon></area></info>`;

/** A ring with bays and headlands, not round: each `place` has its own. */
function shoreline(points: number, place: number): string {
  const ring = Array.from({ length: points }, (_, i) => {
    const angle = (2 * Math.PI * i) / points;
    const radius = 0.1 + 0.02 * Math.sin(7 * angle + place) + 0.002 * Math.sin(61 * angle);
    return `${(53.1 + radius * Math.sin(angle)).toFixed(5)},${(0.24 + radius * Math.cos(angle)).toFixed(5)}`;
  });
  return [...ring, ring[0]].join(' ');
}

/**
 * Alerts of three sizes: made ones of 2 kB and 20 kB, and the real one of 180 kB when REAL_INPUT_DIR is set. The three blocks of
 * the middle one have different shorelines: the same one three times, as in real alerts of several languages, is read once.
 */
function samples(): readonly { name: string; bytes: Buffer; times: number }[] {
  const small = Buffer.from(`${head('SMALL')}${info('en-GB', 35)}</alert>`);
  const middle = Buffer.from(
    `${head('MIDDLE')}${info('en-GB', 300, 1)}${info('cy-GB', 300, 2)}${info('pl', 300, 3)}</alert>`,
  );
  const made = [
    { name: '2 kB', bytes: small, times: 2_000 },
    { name: '20 kB', bytes: middle, times: 400 },
  ];
  const real = join(process.env['REAL_INPUT_DIR'] ?? '', 'cap/windermere-severe-flood-warning.xml');
  if (process.env['REAL_INPUT_DIR'] !== undefined && existsSync(real)) {
    return [...made, { name: '180 kB (Windermere)', bytes: readFileSync(real), times: 60 }];
  }
  console.log('REAL_INPUT_DIR is not set: the alert of 180 kB is made up.');
  const large = Buffer.from(`${head('LARGE')}${info('en-GB', 9_500)}</alert>`);
  return [...made, { name: '180 kB', bytes: large, times: 60 }];
}

/** A feed of 16 MB: what reading it adds to memory at its peak, as a multiple of its size. */
function feedFigures(): { bytes: number; cpuMs: number; peakTimesSize: number; alerts: number } {
  const entry = `<entry><content type="text/xml">${head('FEED')}${info('en-GB', 60)}</alert></content></entry>`;
  const count = Math.floor(16_700_000 / entry.length);
  // Put together from bytes: a long text left over would hide what reading needs.
  const part = Buffer.from(entry);
  const bytes = Buffer.concat([
    Buffer.from('<feed xmlns="http://www.w3.org/2005/Atom">'),
    ...Array.from({ length: count }, () => part),
    Buffer.from('</feed>'),
  ]);
  global.gc?.();
  const { rss } = process.memoryUsage();
  const before = process.cpuUsage();
  let alerts = 0;
  let highest = 0;
  readCap(bytes, {
    each: () => {
      alerts += 1;
      if (alerts % 200 === 0) highest = Math.max(highest, process.memoryUsage.rss());
    },
  });
  const { user, system } = process.cpuUsage(before);
  const peak = Math.max(0, highest - rss) + bytes.length;
  return {
    bytes: bytes.length,
    cpuMs: (user + system) / 1000,
    peakTimesSize: peak / bytes.length,
    alerts,
  };
}

/** Reads with all checks, and writes, beside the bare XML parser (saxes with namespaces) in the same run. */
export async function run(): Promise<void> {
  const figures: Record<string, number> = {};
  const feed = feedFigures(); // First, while memory holds nothing else.
  const rows = samples().map(({ name, bytes, times }) => {
    const [reading] = readCap(bytes).alerts;
    if (reading === undefined) throw new Error(`the sample of ${name} holds no alert`);
    const text = bytes.toString('utf8');
    const bare = cpuMs(() => void new SaxesParser({ xmlns: true }).write(text).close(), times);
    const read = cpuMs(() => void readCap(bytes), times);
    const write = cpuMs(() => void writeCap(reading.alert), times);
    const key = name.replace(/ kB.*/, 'kB');
    figures[`${key}.bytes`] = bytes.length;
    figures[`${key}.readPerSecond`] = Math.round(1000 / read);
    figures[`${key}.writtenPerSecond`] = Math.round(1000 / write);
    figures[`${key}.ratioToBareParser`] = Number((read / bare).toFixed(2));
    return {
      alert: name,
      bytes: bytes.length,
      'read and checked/s': Math.round(1000 / read),
      'written/s': Math.round(1000 / write),
      'bare parser/s': Math.round(1000 / bare),
      'read ÷ bare': (read / bare).toFixed(2),
    };
  });
  console.table(rows);
  console.log(
    `feed of ${(feed.bytes / 1e6).toFixed(1)} MB, ${feed.alerts} alerts: ${Math.round(feed.cpuMs)} ms of CPU, memory at most ${feed.peakTimesSize.toFixed(1)} times its size`,
  );
  figures['feed.bytes'] = feed.bytes;
  figures['feed.alerts'] = feed.alerts;
  figures['feed.cpuMs'] = Math.round(feed.cpuMs);
  figures['feed.memoryTimesSize'] = Number(feed.peakTimesSize.toFixed(2));
  console.log(JSON.stringify({ bench: 'cap', figures }));
}
