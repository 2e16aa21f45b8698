import type { Alert, Info } from '../model/alert.js';
import { instantOf } from '../model/instant.js';
import { escapeXml } from '../writing/xml-text.js';

/** A feed as a whole. Links are absolute; `updatedMs` dates it even when it has nothing to say. */
export type FeedOptions = {
  readonly title: string;
  /** Stable for ever: a URN or tag URI. */
  readonly id: string;
  readonly link: string;
  readonly author: string;
  readonly updatedMs: number;
  /** The language of titles and summaries; the first info block in it is shown, else the first. */
  readonly language?: string;
};

/** One entry: an alert and where its own bytes are served as `application/cap+xml`. */
export type FeedEntry = { readonly alert: Alert; readonly href: string };

/** Entries are kept this long after they ended (Google public alerts: 24 to 48 hours). */
const KEEP_ENDED_MS = 48 * 3_600_000;

/**
 * An Atom index of alerts as CAP Feeds v1.0 (OASIS Committee Note 02, 4 March 2014) wants it: every message is an entry of its own,
 * never an edit of an earlier one, newest first, with an id that is unique and stays. Pure: the same entries give the same bytes.
 */
export function atomFeed(entries: readonly FeedEntry[], options: FeedOptions): string {
  const body = current(entries, options.updatedMs).map((entry) => atomEntry(entry, options));
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2">\n' +
    `  <id>${escapeXml(options.id)}</id>\n  <title>${escapeXml(options.title)}</title>\n` +
    `  <updated>${timestamp(options.updatedMs)}</updated>\n  <author><name>${escapeXml(options.author)}</name></author>\n` +
    `  <link rel="self" type="application/atom+xml" href="${escapeXml(options.link)}"/>\n${body.join('')}</feed>\n`
  );
}

/** The same as RSS 2.0, for readers that know nothing else. */
export function rssFeed(entries: readonly FeedEntry[], options: FeedOptions): string {
  const items = current(entries, options.updatedMs).map(({ alert, href }) => {
    const info = shown(alert, options);
    return (
      `    <item>\n      <title>${escapeXml(titleOf(alert, info))}</title>\n      <link>${escapeXml(href)}</link>\n` +
      `      <guid isPermaLink="false">${escapeXml(entryId(alert))}</guid>\n      <pubDate>${new Date(sentMs(alert)).toUTCString()}</pubDate>\n` +
      `      <description>${escapeXml(summaryOf(info))}</description>\n` +
      `${(info?.categories ?? []).map((each) => `      <category>${escapeXml(each)}</category>\n`).join('')}    </item>\n`
    );
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">\n  <channel>\n' +
    `    <title>${escapeXml(options.title)}</title>\n    <link>${escapeXml(options.link)}</link>\n` +
    `    <atom:link rel="self" type="application/rss+xml" href="${escapeXml(options.link)}"/>\n` +
    `    <description>${escapeXml(`Alerts of ${options.author}`)}</description>\n` +
    `    <lastBuildDate>${new Date(options.updatedMs).toUTCString()}</lastBuildDate>\n${items.join('')}  </channel>\n</rss>\n`
  );
}

/** A name for one message that no other has, in any feed: sender, identifier and moment. */
export function entryId(alert: Alert): string {
  return `urn:cap:${[alert.sender, alert.identifier, timestamp(sentMs(alert))].map(encodeURIComponent).join(':')}`;
}

function current(entries: readonly FeedEntry[], nowMs: number): FeedEntry[] {
  const ends = ({ alert }: FeedEntry): number =>
    Math.max(
      ...alert.infos.map((info) =>
        info.expires === undefined ? Infinity : (instantOf(info.expires) ?? Infinity),
      ),
      sentMs(alert),
    );
  return entries
    .filter((entry) => ends(entry) + KEEP_ENDED_MS > nowMs)
    .toSorted((a, b) => sentMs(b.alert) - sentMs(a.alert) || (entryId(a.alert) < entryId(b.alert) ? -1 : 1));
}

function atomEntry({ alert, href }: FeedEntry, options: FeedOptions): string {
  const info = shown(alert, options);
  const word = (name: string, text: string | undefined): string =>
    text === undefined || text === '' ? '' : `    <cap:${name}>${escapeXml(text)}</cap:${name}>\n`;
  return (
    `  <entry>\n    <id>${escapeXml(entryId(alert))}</id>\n    <title>${escapeXml(titleOf(alert, info))}</title>\n` +
    `    <updated>${timestamp(sentMs(alert))}</updated>\n    <published>${timestamp(sentMs(alert))}</published>\n` +
    `    <author><name>${escapeXml(info?.senderName ?? alert.sender)}</name></author>\n` +
    `    <link rel="alternate" type="application/cap+xml" href="${escapeXml(href)}"/>\n` +
    `    <summary>${escapeXml(summaryOf(info))}</summary>\n` +
    (info?.categories ?? []).map((each) => `    <category term="${escapeXml(each)}"/>\n`).join('') +
    word('msgType', alert.msgType) +
    word('status', alert.status) +
    word('event', info?.event) +
    word('urgency', info?.urgency) +
    word('severity', info?.severity) +
    word('certainty', info?.certainty) +
    word('expires', info?.expires) +
    word('areaDesc', info?.areas.map((area) => area.areaDesc).join('; ')) +
    '  </entry>\n'
  );
}

function shown(alert: Alert, { language }: FeedOptions): Info | undefined {
  return alert.infos.find((info) => info.language === language) ?? alert.infos[0];
}

/** What kind of message it is stands in front: a reader that shows titles only must not mistake a Cancel for a warning. */
function titleOf(alert: Alert, info: Info | undefined): string {
  const text = info?.headline ?? info?.event ?? alert.identifier;
  const kind = alert.msgType === 'Alert' ? '' : `${alert.msgType}: `;
  return `${alert.status === 'Actual' ? '' : `${alert.status.toUpperCase()}: `}${kind}${text}`;
}

const summaryOf = (info: Info | undefined): string => info?.description ?? info?.headline ?? '';
const sentMs = (alert: Alert): number => instantOf(alert.sent) ?? 0;
const timestamp = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
