import type { z } from 'zod';
import { areaToGeoJson, AreaRefused, instantOf, type Alert, type Info } from '#cap';
import { Area, DraftContent, Language, toInstant, WarningText, writtenText, type Mode } from '#contracts';
import { OpenIncident } from '../incidents/incident-requests.js';
import { MOST_LANGUAGES, WrittenContent } from '../warnings/warning-requests.js';
import { isPublic } from './read-alert.js';

/**
 * What a draft begins with when a partner's alert is taken in: whatever of the alert is whole and fits, and nothing else.
 * A real alert in an exercise comes without its texts and times, which were meant for the public: the author writes both.
 * One that is not for the public comes without its texts, link and contact, which were meant for a few.
 */
export function draftOf(alert: Alert, mode: Mode, message: 'first' | 'update' | 'all-clear'): DraftContent {
  const [info] = alert.infos;
  const foreign = alert.status === 'Actual' && mode === 'exercise';
  const candidates: Record<string, unknown> = {
    kind: 'warning',
    message,
    event: oneLine(info?.event ?? ''),
    category: info?.categories[0],
    urgency: info?.urgency,
    severity: info?.severity,
    certainty: info?.certainty,
    responseTypes: info?.responseTypes,
    area: areaOf(alert),
    ...(isPublic(alert) && { link: info?.web, contact: info?.contact }),
    ...(isPublic(alert) && !foreign && { texts: textsOf(alert) }),
    ...(!foreign && { effectiveAt: momentOf(info?.effective), expiresAt: momentOf(info?.expires) }),
  };
  // Field by field: one that no author could write is left for the author, and takes no other with it.
  const draft: DraftContent = {};
  for (const [field, value] of Object.entries(candidates)) {
    if (value !== undefined) Object.assign(draft, WrittenContent.safeParse({ [field]: value }).data);
  }
  return draft;
}

/** An Update whose danger is over is an all-clear (Google Public Alerts: preferred to a Cancel). */
export const isAllClear = ({ infos }: Alert): boolean =>
  infos.length > 0 && infos.every(({ responseTypes }) => responseTypes.includes('AllClear'));

/** The union of the areas of one language, since CAP repeats them in every info; undefined when any shape of it is broken. */
function areaOf({ infos }: Alert): z.input<typeof Area> | undefined {
  const [info] = infos;
  if (info === undefined) return undefined;
  try {
    // A name or a code that does not fit takes no geometry with it.
    const description = byLanguage(infos, (one) => writtenText(500).safeParse(placeOf(one)).data);
    const codes = info.areas.flatMap(({ geocodes }) => geocodes);
    const geocodes = codes
      .map(({ valueName, value }) => ({ name: oneLine(valueName), value: oneLine(value) }))
      .filter((code) => Area.shape.geocodes.safeParse([code]).success);
    const geometry = areaToGeoJson(info.areas);
    return { geometry, description, ...(geocodes.length > 0 && { geocodes: geocodes.slice(0, 500) }) };
  } catch (error) {
    if (error instanceof AreaRefused) return undefined; // no area is safer than a wrong one: submit demands one
    throw error;
  }
}

/** An element that is there and empty says nothing: the next best does. */
function textsOf({ infos, sender }: Alert): Record<string, WarningText> | undefined {
  const texts = byLanguage(
    infos,
    (info) =>
      WarningText.safeParse({
        source: spaced(info.senderName || sender),
        hazard: spaced(info.headline || info.event),
        place: placeOf(info),
        guidance: spaced(info.instruction || info.description || ''),
      }).data,
  );
  return Object.keys(texts).length === 0 ? undefined : texts;
}

/**
 * What is made of each info, by its language; of two in one language the first counts (CAP 1.2 §3.2.2 info: a later one may add to it,
 * and the area and the grades are the first one's too). One whose language has no form here is left out,
 * and so is what follows on as many languages as a draft may have.
 */
function byLanguage<Made>(
  infos: readonly Info[],
  make: (info: Info) => Made | undefined,
): Record<string, Made> {
  const firsts = new Map<string, Info>();
  for (const info of infos) {
    const language = languageOf(info.language);
    if (language !== undefined && !firsts.has(language)) firsts.set(language, info);
  }
  const made = [...firsts]
    .slice(0, MOST_LANGUAGES)
    .map(([language, info]) => [language, make(info)] as const);
  return Object.fromEntries(made.filter((one): one is readonly [Language, Made] => one[1] !== undefined));
}

/** Tags are the same in either case of their letters (RFC 5646 §2.1.1); ours are a language and, where there is one, its country. */
function languageOf(tag: string): Language | undefined {
  const [language = '', ...others] = tag.split('-');
  const country = others.find((part) => /^[a-z]{2}$/i.test(part));
  const ours = [language.toLowerCase(), ...(country === undefined ? [] : [country.toUpperCase()])].join('-');
  return Language.safeParse(ours).data;
}

const placeOf = ({ areas }: Info) => [...new Set(areas.map(({ areaDesc }) => oneLine(areaDesc)))].join('; ');
/** XML allows tabs and control characters that no screen shows: a space for each, and the lines stay. */
const spaced = (text: string) => text.replace(/[\t\u007f-\u009f]/g, ' ');
const oneLine = (text: string) => spaced(text).replace(/\s+/g, ' ').trim();

function momentOf(written: string | undefined): string | undefined {
  const at = written === undefined ? undefined : instantOf(written);
  return at === undefined ? undefined : toInstant(at);
}

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
    leadAgency: shortened(info?.senderName ?? '') || shortened(sender) || 'Unknown sender',
  });
}

/** As a name may be written here, empty when nothing of it could be seen; text may grow when it is normalised. */
const shortened = (text: string) =>
  writtenText(200).safeParse(oneLine(text.normalize('NFC')).slice(0, 200).toWellFormed()).data ?? '';
