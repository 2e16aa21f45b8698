import type { Area, Info, LatLon } from '../model/alert.js';
import { continuous, crossesAntimeridian, doubleArea, inRange, isClosed } from '../geometry/ring.js';
import { selfContact } from '../crossing/self-crossing.js';
import { textOf, type XmlElement } from '../xml/tree.js';
import { named, nth } from './paths.js';
import type { Findings } from './finding.js';

/** Checks 10 and 11 over the areas of one info block. */
export function checkAreas(info: Info, element: XmlElement, path: string, findings: Findings): void {
  const elements = named(element, 'area');
  info.areas.forEach((area, index) => {
    const own = elements[index];
    const at = nth(`${path}/area`, index, info.areas.length);
    if (own === undefined) return;
    if (area.areaDesc === '') findings.add('empty', `${at}/areaDesc`, 'The area has no name.');
    checkPolygons(area, own, at, findings);
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

function checkPolygons(area: Area, element: XmlElement, path: string, findings: Findings): void {
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
      checkRing(area.polygons[read] ?? [], at, findings);
      read += 1;
    }
  });
}

function checkRing(ring: readonly LatLon[], path: string, findings: Findings): void {
  if (!ring.every(inRange)) {
    findings.add(
      'out-of-range',
      path,
      'A point is not on the earth: latitude goes to 90, longitude to 180, and latitude stands first.',
    );
    return;
  }
  if (ring.length < 4)
    findings.add(
      'polygon-few-points',
      path,
      `The polygon has ${ring.length} points; it needs four, the last being the first again.`,
    );
  else if (!isClosed(ring))
    findings.add('polygon-open', path, 'The last point of the polygon is not its first.');
  if (ring.length < 3) return;
  if (crossesAntimeridian(ring))
    findings.add(
      'polygon-antimeridian',
      path,
      'The polygon is read as going over the antimeridian, the short way round.',
    );
  const whole = continuous(ring);
  if (whole === undefined) {
    findings.add(
      'polygon-crosses-itself',
      path,
      'The polygon runs round a pole, so its inside is not known.',
    );
    return;
  }
  const contact = selfContact(whole);
  // The halves of a bow tie cancel out: crossing is the reason then.
  if (contact !== 'crosses' && doubleArea(whole) === 0)
    findings.add('polygon-flat', path, 'The polygon covers no ground.');
  if (contact === 'crosses')
    findings.add('polygon-crosses-itself', path, 'The polygon crosses itself, so its inside is not known.');
  if (contact === 'touches') findings.add('polygon-touches-itself', path, 'The polygon touches itself.');
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
