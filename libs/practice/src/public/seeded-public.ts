import { chance, pick } from './chance.js';
import { FAMILY_NAMES, GIVEN_NAMES, REPLIES, TEXT_ANSWERS } from './phrases.js';

/** What an e-mail address does with a warning. `takes` is everybody who is not marked otherwise. */
export type MailHabit =
  | 'takes'
  | 'unknown-user' // 550 5.1.1 at RCPT
  | 'mailbox-full' // 552 5.2.2 at RCPT
  | 'policy' // 554 5.7.1 after the dot
  | 'greylists' // 451 4.7.1 the first time, taken afterwards
  | 'too-many' // 452 4.5.3 at RCPT the first time
  | 'shuts' // 421 at RCPT the first time, and the link goes
  | 'bounces-unknown' // taken, and a 5.1.1 report comes back
  | 'bounces-full' // taken, and a 5.2.2 report comes back
  | 'away'; // taken, and a vacation note comes back

/** What a telephone does with a warning. `reads` is everybody who is not marked otherwise. */
export type TextHabit =
  | 'reads' // receipt DELIVRD
  | 'no-such-number' // submit_sm_resp 0x0B
  | 'throttled' // 0x58 the first time, taken afterwards
  | 'queue-full' // 0x14 the first time, taken afterwards
  | 'undeliverable' // receipt UNDELIV
  | 'expires' // receipt EXPIRED
  | 'silent' // never a receipt
  | 'answers' // receipt, then a text back
  | 'stops'; // receipt, then STOP

/** Shares of the public (0 to 1) with each habit; what is left takes the warning. */
export type Population = {
  mail: Partial<Record<Exclude<MailHabit, 'takes'>, number>>;
  texts: Partial<Record<Exclude<TextHabit, 'reads'>, number>>;
  /** The most shares that one post can get. */
  mostShares: number;
};

/**
 * An ordinary Tuesday. Nothing that makes a client wait is in it (greylisting asks for a minute's pause),
 * so that an exercise ends within its minutes: ask for those habits, or use a fault.
 */
export const ORDINARY_POPULATION: Population = {
  mail: {
    'unknown-user': 0.01,
    'mailbox-full': 0.003,
    'bounces-unknown': 0.015,
    'bounces-full': 0.002,
    away: 0.005,
  },
  texts: {
    'no-such-number': 0.01,
    undeliverable: 0.02,
    expires: 0.005,
    silent: 0.005,
    answers: 0.01,
    stops: 0.003,
  },
  mostShares: 400,
};

/** One person's words under a post; `at` is when, as a share (0 to 1) of the time in which the public reacts. */
export type PublicReply = { handle: string; name: string; text: string; kind: string; at: number };

/** What a post gets in the end. */
export type Reactions = { shares: number; likes: number; quotes: number; replies: readonly PublicReply[] };

/**
 * The public of one exercise. What it does to a post depends on the seed, the account's handle and the
 * post's number among that account's posts; what it does to a message, on the seed and the address. On nothing else: a run with
 * the same seed ends in the same figures, whatever was killed, delayed or reordered on the way.
 */
export class SeededPublic {
  constructor(
    readonly seed: string,
    private readonly population: Population = ORDINARY_POPULATION,
  ) {}

  /** `ordinal` counts the account's posts from 1. */
  toPost(handle: string, ordinal: number): Reactions {
    const next = chance(this.seed, 'post', handle, ordinal);
    const shares = Math.floor(next() ** 2 * this.population.mostShares) + 1; // most posts travel little, a few far
    const likes = Math.floor(shares * (0.4 + next()));
    const quotes = Math.floor(shares * 0.1 * next());
    const replies = Array.from({ length: Math.min(12, 1 + Math.floor(shares * 0.05 * (1 + next()))) }, () => {
      const given = pick(next, GIVEN_NAMES);
      const family = pick(next, FAMILY_NAMES);
      const said = pick(next, WEIGHTED_REPLIES);
      const handle = `${plain(given)}_${plain(family)}${Math.floor(next() * 90) + 10}`;
      return { handle, name: `${given} ${family}`, text: said.text, kind: said.kind, at: next() };
    }).sort((a, b) => a.at - b.at);
    return { shares, likes, quotes, replies };
  }

  toMail(address: string): MailHabit {
    return habit<MailHabit>(
      chance(this.seed, 'mail', address.toLowerCase())(),
      this.population.mail,
      'takes',
    );
  }

  toText(phone: string): TextHabit {
    return habit<TextHabit>(chance(this.seed, 'text', phone)(), this.population.texts, 'reads');
  }

  /** What a telephone that answers writes back. */
  answerFrom(phone: string): string {
    return pick(chance(this.seed, 'answer', phone), TEXT_ANSWERS);
  }
}

/** How much of the final figures shows after a while: in ten steps, quick at first, whole from `spanMs` on. */
export function shown(elapsedMs: number, spanMs: number): number {
  if (elapsedMs >= spanMs) return 1;
  const step = Math.floor((Math.max(0, elapsedMs) / spanMs) * 10) / 10;
  return 1 - (1 - step) ** 2;
}

const WEIGHTED_REPLIES = REPLIES.flatMap((reply) => Array.from({ length: reply.weight }, () => reply));

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
}

function habit<Habit extends string>(
  roll: number,
  shares: { [name in Habit]?: number },
  otherwise: Habit,
): Habit {
  let upTo = 0;
  for (const [name, share] of Object.entries(shares) as [Habit, number][]) {
    upTo += share;
    if (roll < upTo) return name;
  }
  return otherwise;
}
