/** One record as a consumer meets it. `offset` is its place in the partition; bigint, because it outlives 2^53. */
export type StreamMessage = {
  topic: string;
  partition: number;
  offset: bigint;
  /** Records of one key stay in order; '' when a foreign producer gave none. */
  key: string;
  value: Uint8Array;
  headers: Readonly<Record<string, string>>;
  /** What repeats are known by: `ce_source` and `ce_id` joined by a space, or topic/partition/offset without them. */
  eventId: string;
};

/** One record to publish. Text goes out as UTF-8. Records of one key keep the order in which they were handed in. */
export type OutgoingRecord = {
  topic: string;
  key: string;
  value: string | Uint8Array;
  headers: Readonly<Record<string, string>>;
};

/** Where a record came to lie. */
export type Placed = { topic: string; partition: number; offset: bigint };

/** A topic to create with this many partitions; `<name>.parked` with one partition always comes with it. */
export type TopicPlan = { name: string; partitions: number };

/**
 * Messages of one partition, in order. Each leaves by one of three exits: `done`, `park`, or a throw.
 * A handler that throws, or returns with messages left (and the signal not aborted), gets what is left again after a growing pause.
 */
export type Batch = {
  messages: readonly StreamMessage[];
  /** Handled. The group's offset moves past it soon after, once everything before it is handled as well. */
  done(message: StreamMessage): Promise<void>;
  /** The original bytes and the reason go to `<topic>.parked`, a line to the log, then it counts as done. */
  park(message: StreamMessage, why: string): Promise<void>;
  /** Says that long work inside one message goes on, so that health does not call it stalled. The assignment is kept without it. */
  beat(): Promise<void>;
  /** Aborted when the process stops or the partition moves to another member: finish the message in hand and return. */
  signal: AbortSignal;
};

/** What a group does with its messages. Must tolerate repeats: everything here is at least once. */
export type Handler = (batch: Batch) => Promise<void>;

/**
 * Which topics a group reads; a group that never committed starts at the beginning. `maxBatch` defaults to 500 messages; fewer
 * wait `lingerMs` for company (default 0): for groups whom nobody waits for, so that they leave the machine to those who send.
 */
export type SubscribeTo = {
  topics: readonly string[];
  group: string;
  maxBatch?: number;
  lingerMs?: number;
};

/** How a subscription is doing, for `/readyz` and the board. */
export type SubscriptionHealth = {
  /** `retrying`: the handler throws, or the stream cannot be reached; `stalled`: one handler call has shown no progress for a minute. */
  state: 'joining' | 'working' | 'retrying' | 'stalled' | 'closed';
  /** Why it is retrying or stalled, for an operator. */
  why?: string;
  /** Partitions that this member holds now. */
  partitions: readonly { topic: string; partition: number }[];
  /** Messages that failed and are waiting for another try. */
  waiting: number;
};

/** A member of a group in this process. */
export type Subscription = {
  /** Aborts the signal, waits up to two seconds for handlers in hand, commits what was done and leaves the group. */
  close(): Promise<void>;
  health(): SubscriptionHealth;
};

/**
 * Publish and subscribe, the same on Kafka and on PostgreSQL: at least once, in order per key, nothing skipped.
 * It may repeat, and between topics it may reorder: consumers know an event again by its `eventId`.
 */
export abstract class EventStream {
  /** Creates the topics that are missing, each with its `.parked`. Safe to call again and from several processes at once. */
  abstract ensureTopics(topics: readonly TopicPlan[]): Promise<void>;

  /** Resolves when every record is durable, with their places in the order given. Rejects when that is not known: publish again. */
  abstract publish(records: readonly OutgoingRecord[]): Promise<readonly Placed[]>;

  /** Joins the group. Partitions are worked on side by side; within one, the handler is never called twice at a time. */
  abstract subscribe(to: SubscribeTo, handle: Handler): Promise<Subscription>;

  /** Up to `limit` messages from `offset` on, without a group: for replays. Empty at the end. */
  abstract read(from: {
    topic: string;
    partition: number;
    offset: bigint;
    limit: number;
  }): Promise<StreamMessage[]>;

  /** For each partition the offset that its next record will get. */
  abstract endOffsets(topic: string): Promise<ReadonlyMap<number, bigint>>;

  /** For each partition the offset at which the group would start now. */
  abstract committed(topic: string, group: string): Promise<ReadonlyMap<number, bigint>>;

  /** Messages of the topic that the group has not finished with. */
  abstract lag(topic: string, group: string): Promise<bigint>;

  /**
   * For `/readyz`: resolves when the stream answers now; throws, with the reason for an operator, when it does not. One that lies in the
   * process's own database has nothing to add to what is said of that.
   */
  async reach(): Promise<void> {}

  /** Closes every subscription, waits for what is being published, and lets go of connections. */
  abstract close(): Promise<void>;
}
