import type { Sending } from '#channel';
import { flood, warning } from '#channel/testing';
import { toInstant, type DeliveryId } from '#contracts';
import type { MailIdentity, Personal } from '../composing/compose-mail.js';

/** The delivery whose id is this digit throughout. */
export const id = (digit: string): DeliveryId => `dlv_${digit.repeat(32)}` as DeliveryId;

/** The agency of the tests. */
export const identity: MailIdentity = {
  from: { name: 'Agency "Warnings"', address: 'warnings@agency.example' },
  domain: 'agency.example',
  publicUrl: 'https://warnings.agency.example/',
  bounceDomain: 'bounces.agency.example',
};

/** A severe flood warning of an exercise, on its way. */
export const flooding: Sending = {
  mode: 'exercise',
  incidentId: flood,
  warningId: warning(1),
  version: 1,
  act: 'issue',
  issuedAt: toInstant('2026-11-21T10:00:00.000Z'),
  sendUntil: toInstant('2026-11-21T16:00:00.000Z'),
  message: 'first',
  severity: 'Severe',
  urgency: 'Immediate',
};

/** Ann, who gets the first mail of a warning. */
export const ann: Personal = {
  to: 'ann@example.org',
  deliveryId: id('1'),
  answers: null,
  unsubscribeToken: 'a1'.repeat(24),
  date: 'Sat, 21 Nov 2026 10:00:00 +0000',
};
