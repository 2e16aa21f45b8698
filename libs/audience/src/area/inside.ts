import type { MultiPolygon } from '#contracts';

type Ring = MultiPolygon['coordinates'][number][number];

/**
 * A condition on the point column `place` that holds exactly inside `area`: in some polygon's outer ring and in none of
 * its holes. Parameters are numbered after `taken`. Each ring stands for itself, so that the GiST index can answer.
 * Longitude and latitude are taken as a plane, which is exact enough at the size of Britain.
 */
export function insideArea(area: MultiPolygon, taken: number): { sql: string; params: string[] } {
  const params: string[] = [];
  const ring = (of: Ring): string => {
    params.push(polygonLiteral(of));
    return `place <@ $${taken + params.length}::polygon`;
  };
  const polygons = area.coordinates.map(([outer, ...holes]) => {
    if (outer === undefined) return 'false';
    return `(${[ring(outer), ...holes.map((hole) => `not ${ring(hole)}`)].join(' and ')})`;
  });
  return { sql: polygons.length === 0 ? 'false' : `(${polygons.join(' or ')})`, params };
}

function polygonLiteral(ring: Ring): string {
  return `(${ring.map(([longitude, latitude]) => `(${longitude},${latitude})`).join(',')})`;
}
