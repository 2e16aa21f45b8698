import type { Area, Info, LatLon } from '../model/alert.js';
import { continuous, crossesAntimeridian, doubleArea, inRange, isClosed } from '../geometry/ring.js';
import { selfContact } from '../crossing/self-crossing.js';
import { textOf, type XmlElement } from '../xml/tree.js';
import { named, nth } from './paths.js';
import type { FindingCode, Findings } from './finding.js';

type Fault = { readonly code: FindingCode; readonly message: string };

/** Where findings go, and what is known of the polygons of this alert by their text. */
export type AreaScene = { readonly findings: Findings; readonly known: Map<string, readonly Fault[]> };

/** Checks 10 and 11 over the areas of one info block. */
export function checkAreas(info: Info, element: XmlElement, path: string, scene: AreaScene): void {
  const { findings } = scene;
  const elements = named(element, 'area');
  info.areas.forEach((area, index) => {
    const own = elements[index];
    const at = nth(`${path}/area`, index, info.areas.length);
    if (own === undefined) return;
    if (area.areaDesc === '') findings.add('empty', `${at}/areaDesc`, 'The area has no name.');
    checkPolygons(area, own, at, scene);
    checkCircles(area, at, findings);
    checkHeights(area, at, findings);
    if (area.polygons.length + area.circles.length + area.broken.length > 0) return;
    if (area.geocodes.length > 0) {
      findings.add(
        'no-geometry',
        at,
        'The area is given by codes alone; nobody can be found by a map in it.',
        'note',
      );
    } else findings.add('no-geometry', at, 'The area has a name only: no polygon, no circle, no code.');
  });
}

function checkPolygons(area: Area, element: XmlElement, path: string, { findings, known }: AreaScene): void {
  const texts = named(element, 'polygon').map(textOf);
  const broken = new Map(area.broken.map((each) => [`${each.shape} ${each.text}`, each.wrong]));
  let read = 0;
  texts.forEach((raw, index) => {
    const at = nth(`${path}/polygon`, index, texts.length);
    const text = raw.trim();
    const wrong = broken.get(`polygon ${text}`);
    if (wrong !== undefined) findings.add('polygon-unreadable', at, `The polygon cannot be read: ${wrong}.`);
    else {
      if (/,(?=\s|$)/.test(text))
        findings.add('polygon-form', at, 'A pair of the polygon ends in a comma or holds white space.');
      else if (/[\t\n\r]/.test(text))
        findings.add('polygon-form', at, 'The polygon holds line breaks or tabs.', 'note');
      const faults = known.get(text) ?? ringFaults(area.polygons[read] ?? []);
      known.set(text, faults);
      for (const { code, message } of faults) findings.add(code, at, message);
      read += 1;
    }
  });
}

/** What is wrong with one ring. An alert in three languages has it three times: it is asked once per text. */
function ringFaults(ring: readonly LatLon[]): readonly Fault[] {
  const faults: Fault[] = [];
  const say = (code: FindingCode, message: string): void => void faults.push({ code, message });
  if (!ring.every(inRange)) {
    say(
      'out-of-range',
      'A point is not on the earth: latitude goes to 90, longitude to 180, and latitude stands first.',
    );
    return faults;
  }
  if (ring.length < 4)
    say(
      'polygon-few-points',
      `The polygon has ${ring.length} points; it needs four, the last being the first again.`,
    );
  else if (!isClosed(ring)) say('polygon-open', 'The last point of the polygon is not its first.');
  if (ring.length < 3) return faults;
  if (crossesAntimeridian(ring))
    say('polygon-antimeridian', 'The polygon is read as going over the antimeridian, the short way round.');
  const whole = continuous(ring);
  if (whole === undefined) {
    say('polygon-crosses-itself', 'The polygon runs round a pole, so its inside is not known.');
    return faults;
  }
  const contact = selfContact(whole);
  // The halves of a bow tie cancel out: crossing is the reason then.
  if (contact !== 'crosses' && doubleArea(whole) === 0) say('polygon-flat', 'The polygon covers no ground.');
  if (contact === 'crosses')
    say('polygon-crosses-itself', 'The polygon crosses itself, so its inside is not known.');
  if (contact === 'touches') say('polygon-touches-itself', 'The polygon touches itself.');
  return faults;
}

function checkCircles(area: Area, path: string, findings: Findings): void {
  const at = `${path}/circle`;
  for (const { shape, wrong } of area.broken) {
    if (shape === 'circle') findings.add('circle-unreadable', at, `The circle cannot be read: ${wrong}.`);
  }
  for (const { centre, radiusKm } of area.circles) {
    if (!inRange(centre)) findings.add('out-of-range', at, 'The centre of the circle is not on the earth.');
    if (radiusKm < 0 || radiusKm > 20_038)
      findings.add('out-of-range', at, `A radius of ${radiusKm} km is not on the earth.`);
    if (radiusKm === 0)
      findings.add('circle-radius', at, 'The circle has a radius of 0: it names a place and covers nobody.');
  }
}

function checkHeights(area: Area, path: string, findings: Findings): void {
  const { altitude, ceiling } = area;
  if (ceiling === undefined) return;
  if (altitude === undefined)
    findings.add('ceiling', `${path}/ceiling`, 'A ceiling stands without an altitude.');
  else if (ceiling < altitude)
    findings.add('ceiling', `${path}/ceiling`, 'The ceiling lies below the altitude.');
}
