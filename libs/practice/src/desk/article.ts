import type { Arrival, Channel } from '../record/facts.js';
import { Html, html } from './html.js';

/** The channels by the names that people know. */
export const NAMES: Record<Channel, string> = {
  mastodon: 'Mastodon',
  bluesky: 'Bluesky',
  email: 'E-mail',
  sms: 'Texts',
};

/** One arrival as the page shows it. */
export function article(position: number, arrival: Arrival): Html {
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
