import { areaToGeoJson, AreaRefused, instantOf, type Alert, type Info } from '#cap';
import { Area, DraftContent, toInstant, WarningText, type Mode } from '#contracts';
import { sha256Hex } from '#runtime';
import type { Origin } from '#warning';
import { OpenIncident } from '../incidents/incident-requests.js';

/** Where a draft came from, with the partner's own words for the author to read; never sent as they are. */
export function originOf(alert: Alert, bytes: Uint8Array): Origin {
  const [info] = alert.infos;
  const { sender, identifier, sent, status } = alert;
  const words = {
    senderName: info?.senderName,
    headline: info?.headline,
    description: info?.description,
    instruction: info?.instruction,
  };
  return { sender, identifier, sent, status, sha256: sha256Hex(bytes), words: present(words) };
}

/**
 * What a draft begins with when a partner's alert is taken in: whatever of the alert is whole and fits, and nothing else.
 * A real alert in an exercise comes without its texts and times, which were meant for the public: the author writes both.
 */
export function draftOf(alert: Alert, mode: Mode, message: 'first' | 'update' | 'all-clear'): DraftContent {
  const [info] = alert.infos;
  const foreign = alert.status === 'Actual' && mode === 'exercise';
  const candidates: Record<string, unknown> = {
    kind: 'warning',
    message,
    event: info?.event.trim(),
    category: info?.categories[0],
    urgency: info?.urgency,
    severity: info?.severity,
    certainty: info?.certainty,
    responseTypes: info?.responseTypes,
    area: areaOf(alert),
    link: info?.web,
    contact: info?.contact,
    ...(foreign
      ? {}
      : {
          texts: textsOf(alert),
          effectiveAt: momentOf(info?.effective),
          expiresAt: momentOf(info?.expires),
        }),
  };
  // Field by field: one that our contract would refuse is left for the author, and takes no other with it.
  const kept = Object.entries(candidates).filter(
    ([field, value]) => value !== undefined && DraftContent.safeParse({ [field]: value }).success,
  );
  return DraftContent.parse(Object.fromEntries(kept));
}

/** An Update whose danger is over is an all-clear (Google Public Alerts: preferred to a Cancel). */
export const isAllClear = ({ infos }: Alert): boolean =>
  infos.length > 0 && infos.every(({ responseTypes }) => responseTypes.includes('AllClear'));

/** The union of the areas of one language, since CAP repeats them in every info; undefined when any shape of it is broken. */
function areaOf({ infos }: Alert): Area | undefined {
  const [info] = infos;
  if (info === undefined) return undefined;
  try {
    const geocodes = info.areas
      .flatMap(({ geocodes }) => geocodes)
      .map(({ valueName, value }) => ({ name: valueName, value }));
    const description = Object.fromEntries(infos.map((one) => [one.language, placeOf(one)]));
    const area = {
      geometry: areaToGeoJson(info.areas),
      description,
      ...(geocodes.length > 0 && { geocodes }),
    };
    return Area.safeParse(area).data;
  } catch (error) {
    if (error instanceof AreaRefused) return undefined; // no area is safer than a wrong one: submit demands one
    throw error;
  }
}

function textsOf({ infos, sender }: Alert): Record<string, WarningText> | undefined {
  const texts = infos.flatMap((info) => {
    const text = WarningText.safeParse({
      source: info.senderName ?? sender,
      hazard: info.headline ?? info.event,
      place: placeOf(info),
      guidance: info.instruction ?? info.description,
    });
    return text.success ? [[info.language, text.data] as const] : [];
  });
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

const placeOf = ({ areas }: Info) => [...new Set(areas.map(({ areaDesc }) => areaDesc.trim()))].join('; ');

function momentOf(written: string | undefined): string | undefined {
  const at = written === undefined ? undefined : instantOf(written);
  return at === undefined ? undefined : toInstant(at);
}

const present = (words: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(words).filter(([, text]) => text !== undefined && text.trim() !== ''));

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
