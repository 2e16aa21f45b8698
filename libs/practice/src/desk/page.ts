import type { Answer } from '../http/answer.js';
import type { Call, Route } from '../http/http-door.js';
import { FaultChannel } from '../platform/faults.js';
import type { Counts } from '../record/arrival-index.js';
import type { Arrival, Channel } from '../record/facts.js';
import type { WorldRecord } from '../record/world-record.js';
import { Html, html } from './html.js';
import { SCRIPT, STYLE } from './page-files.js';

const SHOWN_AT_ONCE = 100;
const NAMES: Record<Channel, string> = {
  mastodon: 'Mastodon',
  bluesky: 'Bluesky',
  email: 'E-mail',
  sms: 'Texts',
};

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

function article(position: number, arrival: Arrival): Html {
  const { channel, at, to } = arrival;
  const anchor = arrival.fact === 'post' ? anchorOf(channel, arrival.id) : `p${position}`;
  return html`<article id="${anchor}" ${arrival.fact === 'refusal' ? new Html(' class="refused"') : ''}>
    <h2>${heading(arrival)}${answered(arrival)}</h2>
    <p class="facts">
      <time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time> · ${NAMES[channel]} · ${to}
    </p>
    <pre dir="auto" ${language(arrival)}>${arrival.fact === 'refusal' ? arrival.answer : arrival.text}</pre>
    ${details(position, arrival)}
  </article> `;
}

function heading(arrival: Arrival): string {
  switch (arrival.fact) {
    case 'post':
      return `@${arrival.to} posted`;
    case 'edit':
      return `@${arrival.to} changed a post`;
    case 'removal':
      return `@${arrival.to} took a post away`;
    case 'mail':
      return arrival.subject === '' ? '(no subject)' : arrival.subject;
    case 'text':
      return `Text from ${arrival.from}`;
    case 'refusal':
      return `Not taken: to ${arrival.to}`;
  }
}

/** The end of an address is what tells posts apart: a Mastodon id, or the key of a Bluesky record. */
const anchorOf = (channel: Channel, id: string): string => `${channel.charAt(0)}${id.split('/').at(-1)}`;

function answered(arrival: Arrival): Html {
  if (arrival.fact !== 'post' || arrival.inReplyTo === undefined) return html``;
  const { channel, inReplyTo } = arrival;
  return html` in answer to
    <a href="/?channel=${channel}#${anchorOf(channel, inReplyTo)}">an earlier post</a>`;
}

function details(position: number, arrival: Arrival): Html {
  const key = 'key' in arrival && arrival.key !== undefined && arrival.key !== '' ? `Key ${arrival.key}` : '';
  if (arrival.fact === 'mail') {
    return html`<p class="facts">
      ${key} · <a href="/practice/mails/${position}">The mail as it came<span> (number ${position})</span></a>
    </p>`;
  }
  const parts =
    arrival.fact === 'text'
      ? `${arrival.parts} part${arrival.parts === 1 ? '' : 's'}, ${arrival.encoding}`
      : '';
  return html`<p class="facts">${[key, parts].filter((each) => each !== '').join(' · ')}</p>`;
}

function language(arrival: Arrival): Html {
  const tag = 'language' in arrival ? arrival.language : undefined;
  return tag === undefined ? html`` : html` lang="${tag}"`;
}
