import type { Alert } from './alert.js';
import type { RefusalCode } from '../intake/refusal.js';

/** A limit that an alert exceeds: which, and a sentence with the figures. */
export type Excess = { readonly code: RefusalCode; readonly message: string };

/** The most of everything in one alert. The United Kingdom's broadcast system has the same two for polygons and vertices; real flood polygons have thousands. */
export const MOST = {
  infos: 64,
  areas: 500,
  polygons: 1_000,
  vertices: 50_000,
  references: 200,
  attachmentCharacters: 524_288,
} as const;

/** The first limit that the alert exceeds; undefined when it keeps them all. */
export function excessOf(alert: Alert): Excess | undefined {
  const areas = alert.infos.flatMap((info) => info.areas);
  const polygons = areas.reduce(
    (sum, area) => sum + area.polygons.length + area.circles.length + area.broken.length,
    0,
  );
  const vertices = areas.reduce(
    (sum, area) => sum + area.polygons.reduce((own, ring) => own + ring.length, 0),
    0,
  );
  const attachment = alert.infos
    .flatMap((info) => info.resources)
    .reduce((most, resource) => Math.max(most, resource.derefUri?.length ?? 0), 0);
  const counts: readonly (readonly [RefusalCode, string, number, number])[] = [
    ['too-many-infos', 'info blocks', alert.infos.length, MOST.infos],
    ['too-many-areas', 'areas', areas.length, MOST.areas],
    ['too-many-polygons', 'polygons and circles', polygons, MOST.polygons],
    ['too-many-vertices', 'polygon points', vertices, MOST.vertices],
    [
      'too-many-references',
      'references',
      alert.references.length + alert.brokenReferences.length,
      MOST.references,
    ],
    ['attachment-too-large', 'characters in one attached file', attachment, MOST.attachmentCharacters],
  ];
  const over = counts.find(([, , count, most]) => count > most);
  if (over === undefined) return undefined;
  const [code, what, count, most] = over;
  return { code, message: `The alert has ${count} ${what}; at most ${most} are taken in.` };
}
