import { toInstant, type Instant } from '#contracts';
import { ann, bob, flood, floodWarning, warningNo } from '#contracts/testing';
import type { KeptEvent } from '../timeline/kept-event.js';

const wrn = warningNo(1);
const acc = (n: number) => `acc_${n.toString(16).padStart(32, '0')}`;
const dlv = (n: number) => `dlv_${n.toString(16).padStart(32, '0')}`;
const hash = 'a'.repeat(64);

/** The n-th second of the story. */
export const second = (n: number): Instant => toInstant(Date.parse('2026-11-21T10:00:00Z') + n * 1000);

/** One kept event; `app` is the service that recorded it. */
export function kept(
  app: string,
  streamId: string,
  revision: number,
  at: number,
  body: { type: string } & Record<string, unknown>,
): KeptEvent {
  return {
    source: `/larum/${app}`,
    eventId: `${streamId}@${revision}`,
    topic: 'exercise.any.v1',
    streamId,
    revision,
    type: body.type,
    time: second(at),
    incidentId: flood,
    receivedAt: null,
    value: JSON.stringify(body),
  };
}

const fact = (by: string, at: number) => ({ warningId: wrn, incidentId: flood, by, at: second(at) });
const composed = [
  {
    accountId: acc(1),
    channel: 'sms',
    platform: 'sms',
    language: 'en-GB',
    act: 'issue',
    variant: 'first',
    parts: [{ text: 'Flood', sha256: hash }],
    leftOut: [],
  },
];
const hashes = { contentHash: hash, areaHash: hash };
const about = { incidentId: flood, warningId: wrn, version: 1, act: 'issue' };
/** Counts of one chunk of 200; hand in what a test wants to be different. */
export const counts = (changed: Record<string, number>) => ({
  planned: 200,
  pending: 0,
  accepted: 0,
  refused: 0,
  suppressed: 0,
  cancelled: 0,
  expired: 0,
  unknown: 0,
  wasUnknown: 0,
  ...changed,
});
const chunk = (n: number, revision: number, at: number, changed: Record<string, number>) =>
  kept('channel-sms', `${wrn}/v1/issue/sms/${n}`, revision, at, {
    type: 'ChunkReported',
    ...about,
    channel: 'sms',
    at: second(at),
    accountId: acc(1),
    chunk: n,
    counts: counts(changed),
    firstAcceptedAt: second(5),
    lastAcceptedAt: second(at),
    reasons: {},
  });
const sample = (n: number, at: number, shares: number | null, post: number) =>
  kept('channel-social', `${wrn}/social`, 10 + n, at, {
    type: 'EngagementSampled',
    incidentId: flood,
    warningId: wrn,
    version: 1,
    channel: 'social',
    accountId: acc(2),
    platform: 'mastodon',
    deliveryId: dlv(post),
    ref: '110',
    at: second(at),
    shares,
    likes: null,
    replies: 2,
    source: 'GET',
  });
const post = (n: number, revision: number, at: number, state: string) =>
  kept('channel-social', `${wrn}/v1/issue/social/${n}`, revision, at, {
    type: 'PostReported',
    ...about,
    channel: 'social',
    at: second(at),
    accountId: acc(2),
    platform: 'mastodon',
    deliveryId: dlv(n),
    part: 0,
    language: 'en-GB',
    state,
    wasUnknown: n === 2,
    attempt: 1,
    ref: '110',
    url: null,
    reason: null,
    detail: null,
  });
/** A channel says that a version, a cancel or an expiry is in force there. */
export const gate = (channel: string, revision: number, at: number, because: string, version = 1) =>
  kept(`channel-${channel}`, `${wrn}/${channel}`, revision, at, {
    type: 'GateInForce',
    warningId: wrn,
    incidentId: flood,
    channel,
    at: second(at),
    because,
    version,
  });

/** One slice of a version or cancel, by text message unless it says e-mail, as its newest report tells it. */
export const slice = (
  {
    version,
    act,
    chunk,
    revision = 1,
    channel = 'sms',
  }: { version: number; act: 'issue' | 'cancel'; chunk: number; revision?: number; channel?: string },
  at: number,
  changed: Record<string, number>,
) =>
  kept(`channel-${channel}`, `${wrn}/v${version}/${act}/${channel}/${chunk}`, revision, at, {
    type: 'ChunkReported',
    ...about,
    version,
    act,
    channel,
    at: second(at),
    accountId: acc(1),
    chunk,
    counts: counts(changed),
    firstAcceptedAt: second(at),
    lastAcceptedAt: second(at),
    reasons: {},
  });

/** What came back of the mails of version 1, as the newest count tells it. */
export const cameBack = (revision: number, at: number, bounced: number) =>
  kept('channel-email', `${wrn}/v1/issue/email/receipts`, revision, at, {
    type: 'ReceiptsCounted',
    ...about,
    channel: 'email',
    at: second(at),
    accountId: acc(1),
    delivered: null,
    undelivered: null,
    bounced,
    complained: 0,
  });

/** One post of version 1 on one of several accounts. */
export const postOn = (account: number, at: number, state: string) =>
  kept('channel-social', `${wrn}/v1/issue/social/${account}`, 1, at, {
    ...(JSON.parse(post(account, 1, at, state).value) as { type: string }),
    accountId: acc(account),
  });

/** The warning is issued: a next version, or one for several social accounts. */
export const issued = (
  version: number,
  at: number,
  { accounts = [], revision = version * 10 }: { accounts?: number[]; revision?: number } = {},
) =>
  kept('incident-command', wrn, revision, at, {
    type: 'WarningIssued',
    ...fact(bob, at),
    mode: 'exercise',
    version,
    supersedes: version === 1 ? null : version - 1,
    content: floodWarning({ channels: accounts.length > 0 ? ['social'] : ['sms'] }),
    composed: accounts.map((account) => ({
      ...composed[0],
      accountId: acc(account),
      channel: 'social',
      platform: 'mastodon',
    })),
    ...hashes,
    submittedBy: ann,
  });

/** What ends a version. */
export const ending = (
  type: 'WarningCancelled' | 'WarningSuperseded' | 'WarningExpired',
  version: number,
  at: number,
  more: object = {},
) =>
  kept('incident-command', wrn, version * 10 + 5, at, {
    type,
    ...fact(ann, at),
    version,
    ...(type === 'WarningCancelled' && {
      mode: 'exercise',
      reason: `withdrawn at ${at}`,
      expiresAt: second(at + 90_000),
    }),
    ...(type === 'WarningSuperseded' && { byVersion: version + 1, cleared: false }),
    ...more,
  });

/** A flood warning by text message and on two posts, shared, then withdrawn: every kind of fact that a report is made of. */
export const floodStory: readonly KeptEvent[] = [
  kept('incident-command', flood, 1, 0, {
    type: 'IncidentOpened',
    incidentId: flood,
    by: ann,
    at: second(0),
    incidentType: 'flood',
    name: 'Wainfleet flood',
    leadAgency: 'Lincolnshire Police',
  }),
  kept('incident-command', wrn, 1, 1, {
    type: 'WarningDrafted',
    ...fact(ann, 1),
    version: 1,
    content: floodWarning(),
  }),
  kept('incident-command', wrn, 2, 2, {
    type: 'WarningSubmitted',
    ...fact(ann, 2),
    version: 1,
    content: floodWarning(),
    composed,
    ...hashes,
  }),
  kept('incident-command', wrn, 3, 4, {
    type: 'WarningIssued',
    ...fact(bob, 4),
    mode: 'exercise',
    version: 1,
    supersedes: null,
    content: floodWarning({ channels: ['social', 'sms'] }),
    composed,
    ...hashes,
    submittedBy: ann,
  }),
  gate('sms', 1, 4, 'version'),
  kept('channel-sms', `${wrn}/sms`, 2, 5, {
    type: 'PlanReported',
    ...about,
    channel: 'sms',
    at: second(5),
    accountId: acc(1),
    recipients: 200,
    chunks: 1,
    withoutPoint: 3,
    complete: false,
  }),
  kept('channel-sms', `${wrn}/sms`, 3, 6, {
    type: 'PlanReported',
    ...about,
    channel: 'sms',
    at: second(6),
    accountId: acc(1),
    recipients: 400,
    chunks: 2,
    withoutPoint: 3,
    complete: true,
  }),
  chunk(0, 1, 6, { pending: 150, accepted: 50 }),
  chunk(0, 2, 7, { accepted: 198, refused: 2 }),
  chunk(1, 1, 8, { accepted: 150, cancelled: 49, unknown: 1, wasUnknown: 1 }),
  post(1, 1, 5, 'pending'),
  post(1, 2, 6, 'accepted'),
  post(2, 1, 7, 'accepted'),
  sample(1, 10, 40, 1),
  sample(2, 20, 38, 1),
  sample(3, 20, null, 2),
  kept('channel-sms', `${wrn}/sms`, 4, 9, {
    type: 'ReceiptsCounted',
    ...about,
    channel: 'sms',
    at: second(9),
    accountId: acc(1),
    delivered: 340,
    undelivered: 8,
    bounced: null,
    complained: null,
  }),
  kept('incident-command', wrn, 4, 30, {
    type: 'WarningCancelled',
    ...fact(ann, 30),
    mode: 'exercise',
    version: 1,
    reason: 'sent in error',
    expiresAt: second(90_000),
  }),
  gate('sms', 5, 31, 'cancel'),
];
