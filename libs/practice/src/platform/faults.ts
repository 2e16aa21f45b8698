import { z } from 'zod';

const OF_HTTP = [
  'slow',
  '429',
  '503',
  '500-after-body',
  'cut-after-body',
  'cut-before-body',
  'rubbish',
  'hang',
  '401',
  'refuse',
] as const;

/**
 * Every way in which the practice world can misbehave, by channel.
 * `cut-after-body` stores what came and drops the link without an answer: the sender cannot know. `cut-before-body`
 * stores nothing. `drop-links` ends every connection to the SMSC at the next text. `early-receipt` comes before the answer.
 */
export const FAULT_KINDS = {
  mastodon: OF_HTTP,
  bluesky: OF_HTTP,
  email: [
    'slow',
    'refuse',
    'policy',
    'defer',
    'too-many',
    '421',
    'full',
    'cut-after-body',
    'cut-before-body',
    'hang',
    'bounce',
    'no-link',
  ],
  sms: [
    'slow',
    'refuse',
    'throttle',
    'queue-full',
    'system-error',
    'nack',
    'cut-after-body',
    'cut-before-body',
    'drop-links',
    'hang',
    'no-link',
    'early-receipt',
    'late-receipt',
    'duplicate-receipt',
    'unknown-receipt',
    'no-receipt',
  ],
} as const;

export const FaultChannel = z.enum(['mastodon', 'bluesky', 'email', 'sms']);
export type FaultChannel = z.infer<typeof FaultChannel>;
export type FaultKind<Channel extends FaultChannel = FaultChannel> = (typeof FAULT_KINDS)[Channel][number];

/** A fault as it is ordered. `count` is how often it strikes (null: until taken away), `ms` how long a slow answer or a pause lasts. */
export const FaultOrder = z
  .strictObject({
    channel: FaultChannel,
    kind: z.string(),
    count: z.int().min(1).nullable().default(1),
    ms: z.int().min(0).max(3_600_000).default(1_000),
    /** Only for this account's handle, address or telephone. */
    to: z.string().min(1).optional(),
    /** Which HTTP calls it strikes: what changes something, what reads, or both. */
    on: z.enum(['write', 'read', 'all']).default('write'),
  })
  .check((ctx) => {
    const kinds: readonly string[] = FAULT_KINDS[ctx.value.channel] ?? [];
    if (kinds.includes(ctx.value.kind)) return;
    const message = `${ctx.value.channel} knows the faults ${kinds.join(', ')}`;
    ctx.issues.push({ code: 'custom', path: ['kind'], message, input: ctx.value.kind });
  });
export type FaultOrder = z.input<typeof FaultOrder>;

/** A fault that waits for its moment. `struck` counts how often it has happened. */
export type Fault = z.output<typeof FaultOrder> & { id: number; struck: number };

/** What is about to happen, so that a fault can tell whether it is meant. */
export type Moment = { to?: string; on?: 'write' | 'read' };

/** The faults on order. They live in memory: a restarted practice world behaves well again. */
export class Faults {
  private orders: Fault[] = [];
  private lastId = 0;

  /** Throws a ZodError that names the kinds there are. */
  order(order: FaultOrder): Fault {
    const fault = { ...FaultOrder.parse(order), id: (this.lastId += 1), struck: 0 };
    this.orders.push(fault);
    return fault;
  }

  /** The oldest fault of these kinds that is meant by this moment, used up by one. */
  take<Channel extends FaultChannel>(
    channel: Channel,
    kinds: readonly FaultKind<Channel>[],
    { to, on = 'write' }: Moment = {},
  ): Fault | undefined {
    if (this.orders.length === 0) return undefined;
    const fault = this.orders.find(
      (order) =>
        order.channel === channel &&
        (kinds as readonly string[]).includes(order.kind) &&
        (order.to === undefined || order.to === to) &&
        (order.on === 'all' || order.on === on),
    );
    if (fault === undefined) return undefined;
    fault.struck += 1;
    if (fault.count !== null && fault.struck >= fault.count) {
      this.orders = this.orders.filter((order) => order !== fault);
    }
    return fault;
  }

  /** Those still on order. */
  list(): readonly Fault[] {
    return this.orders;
  }

  /** Takes all away, or those of one channel. */
  clear(channel?: FaultChannel): void {
    this.orders = channel === undefined ? [] : this.orders.filter((order) => order.channel !== channel);
  }
}
