import { emojiSequenceEnd } from '../text/emoji.js';
import { unitsAt } from '../text/code-points.js';
import { findLinks } from '../links/find-links.js';
import { X_LINKS } from '../links/link-rules.js';

/** twitter-text configuration v3 and docs.x.com "Counting characters". */
const LIGHT = 1;
const HEAVY = 2;
/** Code points of the configuration's four ranges weigh 1: Latin to Georgian, and the usual spaces, dashes and quotes. */
const isLight = (unit: number) =>
  unit <= 0x10ff ||
  (unit >= 0x2000 && unit <= 0x200d) ||
  (unit >= 0x2010 && unit <= 0x201f) ||
  (unit >= 0x2032 && unit <= 0x2037);
/** Characters with which X refuses a post whole. */
const INVALID = /[\ufffe\ufeff\uffff]/;

/** What X counts: weight after NFC, links at a flat price whether or not they name a protocol, an emoji sequence at 2. */
export function xWeight(text: string, urlCost: number): { weight: number; links: string[]; valid: boolean } {
  const composed = text.normalize('NFC');
  const links = findLinks(composed, X_LINKS);
  let weight = links.length * urlCost;
  let at = 0;
  for (const { start, end } of links) {
    weight += weigh(composed, at, start);
    at = end;
  }
  weight += weigh(composed, at, composed.length);
  return {
    weight,
    links: links.map(({ start, end }) => composed.slice(start, end)),
    valid: weight > 0 && !INVALID.test(composed),
  };
}

function weigh(text: string, from: number, to: number): number {
  let weight = 0;
  for (let at = from; at < to;) {
    const emoji = emojiSequenceEnd(text, at);
    if (emoji > at) {
      weight += HEAVY;
      at = emoji;
      continue;
    }
    weight += isLight(text.charCodeAt(at)) ? LIGHT : HEAVY;
    at += unitsAt(text, at);
  }
  return weight;
}
