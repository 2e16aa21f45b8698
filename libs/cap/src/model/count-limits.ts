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
  let [areas, polygons, vertices, attachment] = [0, 0, 0, 0];
  for (const info of alert.infos) {
    areas += info.areas.length;
    for (const area of info.areas) {
      polygons += area.polygons.length + area.circles.length + area.broken.length;
      for (const ring of area.polygons) vertices += ring.length;
    }
    for (const { derefUri } of info.resources) attachment = Math.max(attachment, derefUri?.length ?? 0);
  }
  const references = alert.references.length + alert.brokenReferences.length;
  const over = (code: RefusalCode, count: number, most: number, what: string): Excess | undefined =>
    count > most
      ? { code, message: `The alert has ${count} ${what}; at most ${most} are taken in.` }
      : undefined;
  return (
    over('too-many-infos', alert.infos.length, MOST.infos, 'info blocks') ??
    over('too-many-areas', areas, MOST.areas, 'areas') ??
    over('too-many-polygons', polygons, MOST.polygons, 'polygons and circles') ??
    over('too-many-vertices', vertices, MOST.vertices, 'polygon points') ??
    over('too-many-references', references, MOST.references, 'references') ??
    over('attachment-too-large', attachment, MOST.attachmentCharacters, 'characters in one attached file')
  );
}
