import type { FaultChannel } from '../platform/faults.js';
import type { Span } from './byte-log.js';

/** The four ways into the practice world. */
export type Channel = FaultChannel;

/**
 * A post that a platform took. `id` is the status id (Mastodon) or the at:// address (Bluesky), `key` the
 * Idempotency-Key or the record key, `ordinal` counts the account's posts from 1.
 */
export type PostFact = {
  fact: 'post';
  channel: 'mastodon' | 'bluesky';
  at: string;
  to: string; // the account's handle
  id: string;
  ordinal: number;
  text: string;
  key?: string;
  language?: string;
  inReplyTo?: string;
  /** What else the platform keeps of it: visibility and warning (Mastodon), the whole record and its CID (Bluesky). */
  more: Record<string, unknown>;
};

/** A post that its account changed. */
export type EditFact = Omit<PostFact, 'fact' | 'ordinal' | 'inReplyTo'> & { fact: 'edit' };

/** A post that its account took away; `text` is what it said. */
export type RemovalFact = {
  fact: 'removal';
  channel: 'mastodon' | 'bluesky';
  at: string;
  to: string;
  id: string;
  text: string;
};

/** A Bluesky record that is not a post, such as the gate that closes a thread to replies. `record` is null once deleted. */
export type RecordFact = {
  fact: 'record';
  channel: 'bluesky';
  at: string;
  to: string;
  id: string;
  key: string;
  record: unknown;
};

/** A mail taken for one recipient. `key` is its Message-ID, `raw` its place in the file of raw mails. */
export type MailFact = {
  fact: 'mail';
  channel: 'email';
  at: string;
  to: string;
  key: string;
  from: string; // the Return-Path
  subject: string;
  text: string;
  raw: Span;
  id: string;
  envid?: string;
};

/** One submit_sm taken. A whole text of one part needs none. `number` counts from 1. */
export type PartFact = {
  fact: 'part';
  channel: 'sms';
  at: string;
  to: string;
  from: string;
  id: string;
  text: string;
  joined: { reference: number; number: number; of: number };
  key?: string;
};

/** A text as the telephone shows it: all its parts. `ids` are the message ids that the SMSC gave, one per part. */
export type TextFact = {
  fact: 'text';
  channel: 'sms';
  at: string;
  to: string;
  from: string;
  text: string;
  encoding: 'gsm7' | 'ucs2' | 'latin1';
  parts: number;
  ids: string[];
  key?: string;
};

/** Something that was not taken, and what the sender was told. */
export type RefusalFact = {
  fact: 'refusal';
  channel: Channel;
  at: string;
  to: string;
  answer: string;
  key?: string;
};

/** Something that an accepted message still owes its sender: a receipt, a bounce, a text back. Done when `done` follows. */
export type OwedFact = {
  fact: 'owed';
  channel: 'email' | 'sms';
  id: string;
  what: string;
  dueAt: number; // milliseconds of the epoch
  to: string; // where it goes: the Return-Path, or the sender of the text
  from: string; // whom it is from: the address or telephone
  about: string; // the message id of the SMSC, or the ENVID of the mail
  raw?: Span; // the mail that it is about
};
export type DoneFact = { fact: 'done'; channel: 'email' | 'sms'; id: string };

/** Every line of the journal. What arrived is a post, edit, removal, mail or text; the others are the world's own memory. */
export type Fact =
  | PostFact
  | EditFact
  | RemovalFact
  | RecordFact
  | MailFact
  | PartFact
  | TextFact
  | RefusalFact
  | OwedFact
  | DoneFact;

/** What a person or a test wants to see of the world: everything that came, and everything that was turned away. */
export type Arrival = PostFact | EditFact | RemovalFact | MailFact | TextFact | RefusalFact;
