import { build } from 'esbuild';
import { SegmentedMessage } from 'sms-segments-calculator';
import twitter from 'twitter-text';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { compose, lint, lintText, measure, PLATFORMS } from '#wording';
import type { ComposeRequest, LintMaster } from '#wording';

const words = {
  'en-GB': {
    source: 'Derbyshire Constabulary',
    hazard: 'The dam at Toddbrook Reservoir is damaged and may fail. Part of the spillway has collapsed',
    impact: 'Water could reach the town within minutes. Homes would be destroyed.',
    place: 'Whaley Bridge, New Horwich and Furness Vale',
    guidance: 'Leave now. Go to Chapel-en-le-Frith High School. Do not go back for belongings. '.repeat(3),
    headline: 'Dam at Toddbrook may fail',
  },
  'cy-GB': {
    source: 'Heddlu Swydd Derby',
    hazard: "Mae'r argae yng Nghronfa Ddŵr Toddbrook wedi'i ddifrodi a gallai fethu.",
    impact: 'Gallai dŵr gyrraedd y dref o fewn munudau. Byddai cartrefi’n cael eu dinistrio.',
    place: 'Whaley Bridge, New Horwich a Furness Vale',
    guidance: 'Gadewch nawr. Ewch i Ysgol Uwchradd Chapel. Peidiwch â mynd yn ôl am eiddo. '.repeat(3),
    headline: 'Gallai argae Toddbrook fethu',
  },
} as const;
const times = { expiresAt: '2026-11-22T18:00:00.000Z', nextUpdateAt: '2026-11-22T16:30:00.000Z' };

/** As they are posted: English and Welsh, with links, emoji and a text that needs several parts. */
const TEXTS = Object.values(words).flatMap((text) => [
  `${text.source}: ${text.headline}. ${text.place}.`,
  `⚠️ ${text.hazard} ${text.impact} https://www.gov.uk/flood-warnings/whaley-bridge`,
  `${text.hazard} ${text.guidance} gov.uk/flood 🌊`,
]);

/** Slices of about this many milliseconds; the fastest counts, because other work on the machine only ever adds. */
const SLICE_MS = 80;
const SLICES = 6;

/** Microseconds of one call. The first slice warms up. */
function microseconds(work: () => unknown): number {
  const slices = Array.from({ length: SLICES }, () => {
    let rounds = 0;
    const start = performance.now();
    do {
      work();
      rounds += 1;
    } while (performance.now() - start < SLICE_MS);
    return ((performance.now() - start) * 1_000) / rounds;
  });
  return Math.min(...slices.slice(1));
}

const perText = (work: (text: string) => unknown) =>
  microseconds(() => TEXTS.forEach((text) => void work(text))) / TEXTS.length;

async function gzippedKb(entry: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    conditions: ['source'],
    logLevel: 'silent',
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1_000;
}

/** Counting, composing and checking, beside the libraries that others count with. */
export async function run(): Promise<void> {
  const figures: Record<string, number> = {};
  const note = (name: string, value: number, unit: string, aim: string) => {
    figures[name] = Number(value.toFixed(2));
    process.stdout.write(`${name.padEnd(34)} ${value.toFixed(1).padStart(9)} ${unit.padEnd(4)} ${aim}\n`);
  };
  for (const platform of PLATFORMS)
    note(
      `measure ${platform}`,
      perText((text) => measure(platform, text)),
      'µs',
      'aim 50',
    );
  note(
    'twitter-text parseTweet',
    perText((text) => twitter.parseTweet(text)),
    'µs',
    'beside measure x',
  );
  note(
    'sms-segments-calculator',
    perText((text) => new SegmentedMessage(text, 'auto')),
    'µs',
    'beside measure sms',
  );

  const languages = ['en-GB', 'cy-GB'] as const;
  const request = (platform: string, language: 'en-GB' | 'cy-GB'): ComposeRequest => ({
    platform,
    language,
    mode: 'exercise',
    message: 'first',
    variant: 'first',
    version: 1,
    text: words[language],
    link: 'https://www.gov.uk/flood-warnings/whaley-bridge',
    contact: 'Floodline 0345 988 1188',
    ...times,
  });
  const everywhere = () =>
    languages.map((language) => PLATFORMS.map((platform) => compose(request(platform, language))));
  note('compose all platforms, 2 languages', microseconds(everywhere) / 1_000, 'ms', 'aim 5');

  const master: LintMaster = { mode: 'live', message: 'first', texts: words, ...times };
  const long = TEXTS.join(' ').repeat(3).slice(0, 2_000);
  const about = { mode: 'live' as const, language: 'en-GB', expiresAt: times.expiresAt };
  note('lint 2,000 characters', microseconds(() => lintText(long, about)) / 1_000, 'ms', 'aim 5');
  note('lint a master in 2 languages', microseconds(() => lint(master)) / 1_000, 'ms', '');

  const root = import.meta.url.includes('/dist/') ? '../../../' : '../../';
  note('bundle, whole library', await gzippedKb(`${root}libs/wording/src/index.ts`), 'kB', 'gzipped, aim 40');
  note(
    'bundle, counting alone',
    await gzippedKb(`${root}libs/wording/src/counting/measure.ts`),
    'kB',
    'gzipped, aim 15',
  );
  process.stdout.write(`${JSON.stringify({ bench: 'wording', figures })}\n`);
}
