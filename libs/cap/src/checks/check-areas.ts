import type { Area, Info, LatLon } from '../model/alert.js';
import type { PolygonForm } from '../model/written.js';
import {
  allInRange,
  continuous,
  crossesAntimeridian,
  doubleArea,
  inRange,
  isClosed,
} from '../geometry/ring.js';
import { selfContact } from '../crossing/self-crossing.js';
import { type FindingCode, type Findings, nth } from './finding.js';

type Fault = { readonly code: FindingCode; readonly message: string };

/** Checks 10 and 11 over the areas of one alert. */
export class AreaChecks {
  /** What is wrong with each ring. In an alert in three languages the same ring stands three times, and is looked at once. */
  private readonly known = new Map<readonly LatLon[], readonly Fault[]>();

  constructor(private readonly findings: Findings) {}

  /** The areas of one info block; `forms` says how their polygons are written. */
  of(info: Info, forms: readonly (readonly PolygonForm[])[], path: string): void {
    info.areas.forEach((area, index) => {
      const at = nth(`${path}/area`, index, info.areas.length);
      if (area.areaDesc === '') this.findings.add('empty', `${at}/areaDesc`, 'The area has no name.');
      this.polygons(area, forms[index] ?? [], at);
      this.circles(area, at);
      this.heights(area, at);
      if (area.polygons.length + area.circles.length + area.broken.length > 0) return;
      if (area.geocodes.length > 0) {
        const message = 'The area is given by codes alone; nobody can be found by a map in it.';
        this.findings.add('no-geometry', at, message, 'note');
      } else {
        this.findings.add('no-geometry', at, 'The area has a name only: no polygon, no circle, no code.');
      }
    });
  }

  private polygons(area: Area, forms: readonly PolygonForm[], path: string): void {
    const broken = area.broken.filter((each) => each.shape === 'polygon');
    let brokenBefore = 0;
    forms.forEach((form, index) => {
      const at = (): string => nth(`${path}/polygon`, index, forms.length);
      if (form === 'broken') {
        const wrong = broken[brokenBefore]?.wrong ?? '';
        this.findings.add('polygon-unreadable', at, `The polygon cannot be read: ${wrong}.`);
        brokenBefore += 1;
        return;
      }
      if (form === 'comma') {
        const message = 'A pair of the polygon ends in a comma or holds white space.';
        this.findings.add('polygon-form', at, message);
      }
      if (form === 'lines') {
        this.findings.add('polygon-form', at, 'The polygon holds line breaks or tabs.', 'note');
      }
      const ring = area.polygons[index - brokenBefore] ?? [];
      for (const { code, message } of this.faultsOf(ring)) this.findings.add(code, at, message);
    });
  }

  private faultsOf(ring: readonly LatLon[]): readonly Fault[] {
    const known = this.known.get(ring);
    if (known !== undefined) return known;
    const faults = ringFaults(ring);
    this.known.set(ring, faults);
    return faults;
  }

  private circles(area: Area, path: string): void {
    const at = `${path}/circle`;
    for (const { shape, wrong } of area.broken) {
      if (shape === 'circle')
        this.findings.add('circle-unreadable', at, `The circle cannot be read: ${wrong}.`);
    }
    for (const { centre, radiusKm } of area.circles) {
      if (!inRange(centre))
        this.findings.add('out-of-range', at, 'The centre of the circle is not on the earth.');
      if (radiusKm < 0 || radiusKm > 20_038)
        this.findings.add('out-of-range', at, `A radius of ${radiusKm} km is not on the earth.`);
      if (radiusKm === 0) {
        const message = 'The circle has a radius of 0: it names a place and covers nobody.';
        this.findings.add('circle-radius', at, message);
      }
    }
  }

  private heights({ altitude, ceiling }: Area, path: string): void {
    if (ceiling === undefined) return;
    const at = `${path}/ceiling`;
    if (altitude === undefined) this.findings.add('ceiling', at, 'A ceiling stands without an altitude.');
    else if (ceiling < altitude) this.findings.add('ceiling', at, 'The ceiling lies below the altitude.');
  }
}

function ringFaults(ring: readonly LatLon[]): readonly Fault[] {
  const faults: Fault[] = [];
  const say = (code: FindingCode, message: string): void => void faults.push({ code, message });
  if (!allInRange(ring)) {
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
  const over = crossesAntimeridian(ring);
  if (over)
    say('polygon-antimeridian', 'The polygon is read as going over the antimeridian, the short way round.');
  const whole = over || !isClosed(ring) ? continuous(ring) : ring;
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
