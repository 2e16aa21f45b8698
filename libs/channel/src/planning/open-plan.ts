import type {
  Act,
  ComposedText,
  DeliveryId,
  IncidentId,
  Instant,
  Variant,
  WarningContent,
  WarningId,
} from '#contracts';
import type { Subscriber } from '#audience';
import type { Sending } from '../adapter/list-sender.js';

/** One version, or the cancel of one: what a plan is about. */
export type PlanKey = { warningId: WarningId; version: number; act: Act };

/** How far a plan has come: whether the record is worked through, and the last subscriber taken from the area. */
export type PlanCursor = { after?: string; recordDone?: boolean };

/** A plan in hand, with what was approved. */
export type OpenPlan = PlanKey & {
  fromVersion: number;
  cursor: PlanCursor;
  chunks: number;
  recipients: number;
  refused: string | null;
  incidentId: IncidentId;
  urgent: boolean;
  head:
    | (Pick<Sending, 'mode' | 'message' | 'severity' | 'urgency'> & {
        media?: NonNullable<WarningContent['media']>;
      })
    | null;
  composed: ComposedText[] | null;
  area: unknown;
  issuedAt: Instant | null;
  sendUntil: Instant | null;
  /** What is kept of it is not what was approved: it is planned for nobody. */
  tampered?: boolean;
  /** Its gate was seen open a moment ago: need not be asked again before the first recipients. */
  wanted?: boolean;
  /** The first page of those in its area, asked for a moment ago. */
  firstPage?: Promise<readonly Subscriber[]>;
};

/** One delivery as it is planned. */
export type PlannedRow = {
  deliveryId: DeliveryId;
  target: string;
  part: number;
  language: string;
  variant: Variant;
  answers: string | null;
  /** The reason, when nothing will be sent to this one. */
  suppressed: string | null;
};

/** Why a plan is refused whose texts or area were changed in the channel's own store. */
export const KEPT_OTHERWISE = 'what this channel keeps of it is not what was approved';
