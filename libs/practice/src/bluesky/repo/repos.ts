import type { World } from '../../platform/world.js';
import type { Fact } from '../../record/facts.js';
import { cidOf } from '../../atproto/cid.js';
import type { Post } from '../../atproto/lexicon.js';
import { didOf } from '../sessions.js';
import { xrpcError } from '../xrpc.js';

/** The collection of posts. */
export const POST = 'app.bsky.feed.post';

/** A record as it lies in the repository. `ordinal` counts the account's posts from 1; other records have none. */
export type Kept = { uri: string; cid: string; handle: string; record: object; at: number; ordinal?: number };

/** One change that an account asks for. `swap` as in `swapRecord`: undefined does not ask, null wants nothing there. */
export type Write =
  | { action: 'put'; collection: string; rkey: string; record: object; swap?: string | null | undefined }
  | { action: 'create'; collection: string; rkey: string; record: object }
  | { action: 'delete'; collection: string; rkey: string };

/** The repositories of our accounts. */
export class Repos {
  private readonly records = new Map<string, Kept>();
  private readonly ordinals = new Map<string, number>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly world: World) {}

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    if (!('channel' in fact) || fact.channel !== 'bluesky') return;
    if (fact.fact === 'removal' || (fact.fact === 'record' && fact.record === null))
      this.records.delete(fact.id);
    else if (fact.fact === 'post' || fact.fact === 'edit')
      this.keep(fact.id, fact.to, fact.more['record'] as object, fact);
    else if (fact.fact === 'record') this.keep(fact.id, fact.to, fact.record as object, fact);
  }

  /**
   * Does all the writes or none. Answers per write with its place, and with `changed: false` where the same record
   * already lay there: a repeat is not a second post.
   */
  write(handle: string, writes: readonly Write[]): Promise<{ uri: string; cid: string; changed: boolean }[]> {
    const result = this.turn.then(() => this.writeInTurn(handle, writes));
    this.turn = result.catch(() => undefined);
    return result;
  }

  get(uri: string): Kept | undefined {
    return this.records.get(uri);
  }

  /** Records of one account in one collection, newest key first. */
  list(did: string, collection: string): Kept[] {
    const start = `at://${did}/${collection}/`;
    return [...this.records.values()]
      .filter(({ uri }) => uri.startsWith(start))
      .sort((a, b) => (a.uri < b.uri ? 1 : -1));
  }

  /** Our own posts that answer this one. */
  under(uri: string): Kept[] {
    return [...this.records.values()].filter(
      ({ record }) => (record as Partial<Post>).reply?.parent.uri === uri,
    );
  }

  private async writeInTurn(handle: string, writes: readonly Write[]) {
    const done = writes.map((write) => this.check(handle, write));
    // All appends of one tick leave in one write of the file, so a thread is there whole or not at all.
    await Promise.all(done.flatMap(({ fact }) => (fact ? [this.world.record.append(fact)] : [])));
    for (const { fact } of done) if (fact) this.replay(fact);
    return done.map(({ uri, cid, fact }) => ({ uri, cid, changed: fact !== undefined }));
  }

  // What a write comes to: a fact to keep, nothing to do, or the error that the server gives.
  private check(handle: string, write: Write): { uri: string; cid: string; fact?: Fact } {
    const uri = uriOf(handle, write.collection, write.rkey);
    const current = this.records.get(uri);
    if (write.action === 'delete') {
      const fact = current && this.removal(current, write);
      return { uri, cid: current?.cid ?? '', ...(fact && { fact }) };
    }
    const cid = idOf(write.record);
    if (current?.cid === cid && write.action === 'put') return { uri, cid };
    if (current !== undefined && write.action === 'create') {
      throw xrpcError(500, 'InternalServerError', 'Internal Server Error'); // what a real one says to a taken key
    }
    if (write.action === 'put' && write.swap !== undefined && write.swap !== (current?.cid ?? null)) {
      throw xrpcError(400, 'InvalidSwap', `Record was at ${current?.cid ?? 'null'}`);
    }
    return { uri, cid, fact: this.addition(handle, write, uri, cid) };
  }

  private addition(
    handle: string,
    write: Exclude<Write, { action: 'delete' }>,
    uri: string,
    cid: string,
  ): Fact {
    const facts = { ...this.about(handle, uri), key: write.rkey };
    if (write.collection !== POST) return { ...facts, fact: 'record', record: write.record };
    const post = write.record as Post;
    const words = {
      ...facts,
      text: post.text,
      more: { record: post, cid },
      ...(post.langs?.[0] && { language: post.langs[0] }),
    };
    if (this.records.has(uri)) return { ...words, fact: 'edit' };
    const ordinal = (this.ordinals.get(handle) ?? 0) + 1;
    this.ordinals.set(handle, ordinal); // here, so that the posts of one thread count one by one
    return { ...words, fact: 'post', ordinal, ...(post.reply && { inReplyTo: post.reply.parent.uri }) };
  }

  private removal({ uri, handle, record }: Kept, { collection, rkey }: Write): Fact {
    const facts = this.about(handle, uri);
    if (collection !== POST) return { ...facts, fact: 'record', key: rkey, record: null };
    return { ...facts, fact: 'removal', text: (record as Post).text };
  }

  private keep(uri: string, handle: string, record: object, fact: { at: string; ordinal?: number }): void {
    const before = this.records.get(uri);
    const ordinal = fact.ordinal ?? before?.ordinal;
    const at = before?.at ?? Date.parse(fact.at);
    const kept = { uri, cid: cidOf(record), handle, record, at };
    this.records.set(uri, ordinal === undefined ? kept : { ...kept, ordinal });
    if (fact.ordinal !== undefined) {
      this.ordinals.set(handle, Math.max(fact.ordinal, this.ordinals.get(handle) ?? 0));
    }
  }

  private about(to: string, id: string) {
    return { channel: 'bluesky' as const, at: new Date(this.world.now()).toISOString(), to, id };
  }
}

function idOf(record: object): string {
  try {
    return cidOf(record);
  } catch (error) {
    throw xrpcError(400, 'InvalidRequest', String(error));
  }
}

/** Where a record of an account lies. */
export function uriOf(handle: string, collection: string, rkey: string): string {
  return `at://${didOf(handle)}/${collection}/${rkey}`;
}
