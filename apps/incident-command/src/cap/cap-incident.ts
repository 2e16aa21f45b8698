import type { Alert } from '#cap';
import { OpenIncident } from '../incidents/incident-requests.js';

/** What kind of incident a CAP category is (CAP 1.2 §3.2.2); a flood is told by the event's name. */
const TYPE_OF: Readonly<Record<string, OpenIncident['type']>> = {
  Met: 'severe-weather',
  Fire: 'fire',
  CBRNE: 'chemical',
  Health: 'public-health',
  Infra: 'infrastructure',
  Transport: 'infrastructure',
  Security: 'crime',
};

/** The incident that an alert opens when it is sent into none: named after its event, led by its sender. */
export function incidentFor({ infos, sender, identifier }: Alert): OpenIncident {
  const [info] = infos;
  const event = shortened(info?.event ?? '') || shortened(`Alert ${identifier}`);
  const flood = /flood/i.test(`${event} ${info?.headline ?? ''}`);
  const type = flood ? 'flood' : (TYPE_OF[info?.categories[0] ?? ''] ?? 'other');
  return OpenIncident.parse({
    type,
    name: event,
    leadAgency: shortened(info?.senderName ?? '') || shortened(sender),
  });
}

const shortened = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 200).toWellFormed();
