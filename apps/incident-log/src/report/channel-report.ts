import { FinalState, type Act, type Channel, type DeliveryEvent } from '#contracts';
import { metric } from './engagement.js';
import { newest, type Facts } from './facts.js';
import type { ChannelReport } from './warning-report.js';

type Of<Type extends DeliveryEvent['type']> = Extract<DeliveryEvent, { type: Type }>;
type Asked = {
  act: Act;
  version: number;
  channel: Channel;
  recordedAt: string | null;
  /** Accounts that must have been heard of before a social plan is whole; empty where nobody can say. */
  accounts: readonly string[];
};
type Counted = Pick<ChannelReport, 'planned' | 'pending' | 'states' | 'wasUnknown'>;

/** What one channel did with one version, or with the cancel. */
export function channelReport(found: Facts, asked: Asked): ChannelReport {
  const about = found.deliveries.filter(
    ({ event }) =>
      event.act === asked.act && event.channel === asked.channel && event.version === asked.version,
  );
  const of = <Type extends DeliveryEvent['type']>(type: Type, keyOf: (event: Of<Type>) => string) =>
    newest(
      about.flatMap(({ event, ...at }) => (event.type === type ? [{ event: event as Of<Type>, ...at }] : [])),
      keyOf,
    );
  const posts = of('PostReported', (event) => event.deliveryId);
  const chunks = of('ChunkReported', (event) => String(event.chunk));
  const plan = of('PlanReported', () => 'plan')[0];
  const receipts = of('ReceiptsCounted', () => 'receipts')[0];
  const samples = found.engagement.map(({ event }) => event);
  const deliveries = new Set<string>(
    posts.filter((post) => post.state === 'accepted').map((post) => post.deliveryId),
  );
  const firstSentAt = earliest([
    ...chunks.map((chunk) => chunk.firstAcceptedAt),
    ...about.map(({ event }) =>
      event.type === 'PostReported' && event.state === 'accepted' ? event.at : null,
    ),
  ]);
  const counted = asked.channel === 'social' ? countPosts(posts) : countChunks(chunks, plan?.recipients ?? 0);
  return {
    channel: asked.channel,
    ...counted,
    complete: plan?.complete ?? (asked.channel === 'social' && everyAccount(posts, asked.accounts)),
    refusedWhole: plan?.refused ?? null,
    delivered: receipts?.delivered ?? null,
    undelivered: receipts?.undelivered ?? null,
    noReceipt: receipts?.noReceipt ?? null,
    bounced: receipts?.bounced ?? noneCameBack(asked.channel, counted.states),
    shares: metric(samples, deliveries, 'shares'),
    likes: metric(samples, deliveries, 'likes'),
    replies: metric(samples, deliveries, 'replies'),
    firstSentAt,
    timeToFirstSendMs:
      firstSentAt === null || asked.recordedAt === null
        ? null
        : Date.parse(firstSentAt) - Date.parse(asked.recordedAt),
    inForceAt: inForceAt(found, asked),
    lastHeardAt: lastHeardAt(found, asked.channel),
  };
}

/** Every mail that comes back is counted, so mails that left and of which nothing was told have not come back. */
const noneCameBack = (channel: Channel, { accepted }: Record<FinalState, number>): 0 | null =>
  channel === 'email' && accepted > 0 ? 0 : null;

/** A social plan reports account by account, each with all of its posts. */
function everyAccount(posts: readonly Of<'PostReported'>[], accounts: readonly string[]): boolean {
  const heard = new Set<string>(posts.map(({ accountId }) => accountId));
  return heard.size > 0 && accounts.every((account) => heard.has(account));
}

const noStates = (): Record<FinalState, number> =>
  Object.fromEntries(FinalState.options.map((state) => [state, 0])) as Record<FinalState, number>;

function countPosts(posts: readonly Of<'PostReported'>[]): Counted {
  const states = noStates();
  for (const { state } of posts) if (state !== 'pending') states[state] += 1;
  return {
    planned: posts.length,
    pending: posts.filter(({ state }) => state === 'pending').length,
    states,
    wasUnknown: posts.filter((post) => post.wasUnknown).length,
  };
}

function countChunks(chunks: readonly Of<'ChunkReported'>[], recipients: number): Counted {
  const states = noStates();
  for (const { counts } of chunks) for (const state of FinalState.options) states[state] += counts[state];
  const reported = chunks.reduce((sum, { counts }) => sum + counts.planned, 0);
  const final = FinalState.options.reduce((sum, state) => sum + states[state], 0);
  const planned = Math.max(recipients, reported);
  return {
    planned,
    pending: planned - final,
    states,
    wasUnknown: chunks.reduce((sum, { counts }) => sum + counts.wasUnknown, 0),
  };
}

function gates(found: Facts, channel: Channel) {
  const warningIds = new Set([...found.warnings, ...found.deliveries].map(({ event }) => event.warningId));
  return found.channels.flatMap(({ event }) =>
    event.type === 'GateInForce' && event.channel === channel && warningIds.has(event.warningId)
      ? [event]
      : [],
  );
}

function inForceAt(found: Facts, { act, version, channel }: Asked): string | null {
  const wanted = act === 'cancel' ? 'cancel' : 'version';
  return earliest(
    gates(found, channel)
      .filter((gate) => gate.because === wanted && gate.version === version)
      .map((gate) => gate.at),
  );
}

/** Whatever it told about this warning: a cancel that is not in force yet must not look as if nothing had been heard since the approval. */
function lastHeardAt(found: Facts, channel: Channel): string | null {
  const told = [...found.deliveries, ...found.engagement].map(({ event }) => event);
  return latest(
    [...told, ...gates(found, channel)].flatMap((event) => (event.channel === channel ? event.at : [])),
  );
}

function earliest(instants: readonly (string | null)[]): string | null {
  return instants.filter((at) => at !== null).sort()[0] ?? null;
}

function latest(instants: readonly string[]): string | null {
  return [...instants].sort().at(-1) ?? null;
}
