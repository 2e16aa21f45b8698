import type { Answer } from '../http/answer.js';
import type { Call, Route } from '../http/route.js';
import { FaultChannel } from '../platform/faults.js';
import type { Counts } from '../record/arrival-index.js';
import type { Channel } from '../record/facts.js';
import type { WorldRecord } from '../record/world-record.js';
import { article, NAMES } from './article.js';
import { Html, html } from './html.js';
import { SCRIPT, STYLE } from './page-files.js';

const SHOWN_AT_ONCE = 100;
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; connect-src 'self'; style-src 'self'; script-src 'self'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** The page on which a person sees every post, mail and text of the exercise, newest first. */
export function pageRoutes(record: WorldRecord): Route[] {
  const file = (type: string, body: string) => () => ({
    status: 200,
    headers: { 'content-type': type },
    body,
  });
  return [
    { method: 'GET', path: '/', answer: (call) => page(record, call) },
    { method: 'GET', path: '/practice/page.css', answer: file('text/css; charset=utf-8', STYLE) },
    { method: 'GET', path: '/practice/page.js', answer: file('text/javascript; charset=utf-8', SCRIPT) },
    {
      method: 'GET',
      path: '/@:handle/:id', // where a Mastodon status says that it can be seen
      answer: ({ params }) => ({ status: 302, headers: { location: `/?channel=mastodon#m${params['id']}` } }),
    },
  ];
}

async function page(record: WorldRecord, call: Call): Promise<Answer> {
  const channel = FaultChannel.optional()
    .catch(undefined)
    .parse(call.query.get('channel') ?? undefined);
  const before = Number(call.query.get('before') ?? Infinity);
  const found = await record.newest(SHOWN_AT_ONCE, channel, Number.isNaN(before) ? Infinity : before);
  const oldest = found.at(-1)?.position ?? 0;
  const body = html`<!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${channel === undefined ? '' : `${NAMES[channel]}: `}what arrived in the practice world</title>
        <link rel="stylesheet" href="/practice/page.css" />
        <script src="/practice/page.js" defer></script>
      </head>
      <body>
        <p class="banner" role="note">Exercise. Nothing here leaves this machine.</p>
        <main>
          <h1>What arrived in the practice world</h1>
          ${filters(record.counts(), channel)}
          <p>
            <label><input type="checkbox" id="follow" checked /> Show new arrivals as they come</label>
          </p>
          <div id="arrivals">
            ${found.length === 0 ? html`<p>Nothing has arrived yet.</p>` : found.map(({ position, arrival }) => article(position, arrival))}
            ${Number.isFinite(before) ? html`<p><a href="${channel === undefined ? '/' : `/?channel=${channel}`}">Newest arrivals</a></p>` : ''}
            ${oldest > 0 ? html`<p><a href="?${channel === undefined ? '' : `channel=${channel}&`}before=${oldest}">Older arrivals</a></p>` : ''}
          </div>
        </main>
      </body>
    </html> `;
  return { status: 200, headers: HEADERS, body: body.markup };
}

function filters(counts: Counts, current: Channel | undefined): Html {
  const all = Object.values(counts).reduce((sum, { arrived }) => sum + arrived, 0);
  const link = (channel: Channel | undefined, name: string, count: number, refused: number) => {
    const href = channel === undefined ? '/' : `/?channel=${channel}`;
    const here = channel === current ? new Html(' aria-current="page"') : '';
    return html`<li>
      <a href="${href}" ${here}>${name}: ${count}${refused > 0 ? `, ${refused} not taken` : ''}</a>
    </li>`;
  };
  const each = FaultChannel.options.map((channel) => {
    return link(channel, NAMES[channel], counts[channel].arrived, counts[channel].refused);
  });
  return html`<nav id="counts" aria-label="Channels">
    <ul>
      ${link(undefined, 'Everything', all, 0)}${each}
    </ul>
  </nav>`;
}
