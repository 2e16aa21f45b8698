import {
  toInstant,
  type AccountId,
  type Act,
  type Channel,
  type ComposedText,
  type IncidentId,
  type Instant,
  type MessageKind,
  type MultiPolygon,
  type OfficerId,
  type RecordedEvent,
  type Severity,
  type Variant,
  type WarningCancelled,
  type WarningId,
  type WarningIssued,
} from '#contracts';
import { areaHash, contentHash, textHash } from '#runtime';

/** People and things of the tests: ann writes, bob approves. */
export const ann = `off_${'a'.repeat(32)}` as OfficerId;
export const bob = `off_${'b'.repeat(32)}` as OfficerId;
export const flood = `inc_${'f'.repeat(32)}` as IncidentId;
export const sender = `acc_${'5'.repeat(32)}` as AccountId;

/** The warning of this number: always the same id for the same number. */
export const warning = (number: number): WarningId =>
  `wrn_${number.toString(16).padStart(32, '0')}` as WarningId;

/** A square around Wainfleet in Lincolnshire. */
export const WAINFLEET: MultiPolygon = {
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [0.2, 53.05],
        [0.3, 53.05],
        [0.3, 53.15],
        [0.2, 53.15],
        [0.2, 53.05],
      ],
    ],
  ],
};

/** What a test wants to be different about a composed text. */
export type TextWish = {
  channel: Channel;
  texts: readonly string[];
  accountId?: AccountId;
  platform?: string;
  language?: string;
  act?: Act;
  variant?: Variant;
  subject?: string;
};

/** A composed text with its right hashes. */
export function composed({ texts, subject, ...wish }: TextWish): ComposedText {
  return {
    accountId: sender,
    platform: wish.channel,
    language: 'en-GB',
    act: 'issue',
    variant: 'first',
    leftOut: [],
    ...wish,
    ...(subject === undefined ? {} : { subject, subjectSha256: textHash(subject) }),
    parts: texts.map((text) => ({ text, sha256: textHash(text) })),
  };
}

/** The texts of a list channel for one version: first, or thread and alone, and the cancel text. */
export function listTexts(channel: Channel, version: number, languages = ['en-GB']): ComposedText[] {
  const variants: Variant[] = version === 1 ? ['first'] : ['thread', 'alone'];
  return languages.flatMap((language) => [
    ...variants.map((variant) =>
      composed({
        channel,
        language,
        variant,
        subject: `Flood v${version} ${variant} ${language}`,
        texts: [`Flooding. v${version} ${variant} ${language}`],
      }),
    ),
    composed({
      channel,
      language,
      act: 'cancel',
      variant: 'alone',
      subject: `Withdrawn v${version} ${language}`,
      texts: [`Withdrawn. v${version} ${language}`],
    }),
  ]);
}

/** What a test wants to be different about an issued version. */
export type IssuedWish = {
  warningId?: WarningId;
  version?: number;
  at: Instant;
  expiresAt: Instant;
  effectiveAt?: Instant;
  message?: MessageKind;
  severity?: Severity;
  channels?: Channel[];
  geometry?: MultiPolygon;
  composed: ComposedText[];
};

/** A version as incident-command issues it, with its right hashes. */
export function issued(wish: IssuedWish): WarningIssued {
  const {
    warningId = warning(1),
    version = 1,
    severity = 'Moderate',
    channels = ['email', 'sms', 'social'],
  } = wish;
  const message = wish.message ?? (version === 1 ? 'first' : 'update');
  const content: WarningIssued['content'] = {
    kind: 'warning',
    message,
    event: 'Flood',
    category: 'Met',
    urgency: 'Expected',
    severity,
    certainty: 'Likely',
    responseTypes: ['Prepare'],
    texts: {
      'en-GB': {
        source: 'Environment Agency',
        hazard: 'Flooding',
        place: 'Wainfleet',
        guidance: 'Move to high ground.',
      },
    },
    area: { geometry: wish.geometry ?? WAINFLEET, description: { 'en-GB': 'Wainfleet All Saints' } },
    channels,
    expiresAt: wish.expiresAt,
    ...(wish.effectiveAt === undefined ? {} : { effectiveAt: wish.effectiveAt }),
  };
  const supersedes = version === 1 ? null : version - 1;
  const about = { mode: 'exercise' as const, warningId, version, supersedes };
  return {
    type: 'WarningIssued',
    ...about,
    incidentId: flood,
    by: bob,
    submittedBy: ann,
    at: wish.at,
    content,
    composed: wish.composed,
    contentHash: contentHash({ ...about, content, composed: wish.composed }),
    areaHash: areaHash(content.area),
  };
}

/** The cancel of a version, sent until 24 h after it. */
export function cancelled(wish: {
  warningId?: WarningId;
  version?: number;
  at: Instant;
  expiresAt?: Instant;
}): WarningCancelled {
  const { warningId = warning(1), version = 1, at } = wish;
  return {
    type: 'WarningCancelled',
    mode: 'exercise',
    warningId,
    incidentId: flood,
    version,
    by: ann,
    at,
    reason: 'Issued in error',
    expiresAt: wish.expiresAt ?? toInstant(Date.parse(at) + 24 * 60 * 60 * 1_000),
  };
}

/** A fact as it stands in incident-command's record; what is wrapped and published is made of it. */
export function recorded(
  body: { type: string; at: Instant; warningId: string },
  revision: number,
): RecordedEvent {
  const { type, at, warningId: streamId } = body;
  return {
    position: BigInt(revision),
    streamId,
    revision,
    type,
    time: at,
    actor: bob,
    traceparent: null,
    body,
  };
}
