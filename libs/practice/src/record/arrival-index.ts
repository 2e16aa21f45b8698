import type { Span } from './byte-log.js';
import type { Arrival, Channel, Fact } from './facts.js';

/** How much has arrived by channel, and how often the channel turned something away. */
export type Counts = Record<Channel, { arrived: number; refused: number }>;

const ARRIVALS: ReadonlySet<string> = new Set(['post', 'edit', 'removal', 'mail', 'text', 'refusal']);

/** Whether the fact is something that came from outside, not only the world's own memory. */
export function isArrival(fact: Fact): fact is Arrival {
  return ARRIVALS.has(fact.fact);
}

/** Where each arrival lies in the journal, by position (from 0) and by channel. A few bytes per arrival. */
export class ArrivalIndex {
  private readonly spans: Span[] = [];
  private readonly channels: Channel[] = [];
  private readonly totals: Counts = {
    mastodon: { arrived: 0, refused: 0 },
    bluesky: { arrived: 0, refused: 0 },
    email: { arrived: 0, refused: 0 },
    sms: { arrived: 0, refused: 0 },
  };

  note(arrival: Arrival, span: Span): void {
    this.spans.push(span);
    this.channels.push(arrival.channel);
    this.totals[arrival.channel][arrival.fact === 'refusal' ? 'refused' : 'arrived'] += 1;
  }

  get size(): number {
    return this.spans.length;
  }

  span(position: number): Span | undefined {
    return this.spans[position];
  }

  counts(): Counts {
    return structuredClone(this.totals);
  }

  /** Positions of one channel (or of all) from `from` up to but without `to`. */
  between(from: number, to: number, channel?: Channel): number[] {
    const found: number[] = [];
    for (let n = Math.max(0, from); n < Math.min(to, this.size); n += 1) {
      if (channel === undefined || this.channels[n] === channel) found.push(n);
    }
    return found;
  }

  /** The newest positions before `before`, newest first. */
  newest(most: number, channel?: Channel, before = this.size): number[] {
    const found: number[] = [];
    for (let n = Math.min(before, this.size) - 1; n >= 0 && found.length < most; n -= 1) {
      if (channel === undefined || this.channels[n] === channel) found.push(n);
    }
    return found;
  }
}
