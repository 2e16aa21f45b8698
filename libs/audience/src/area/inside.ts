import type { MultiPolygon } from '#contracts';

type Ring = MultiPolygon['coordinates'][number][number];

/**
 * PostgreSQL's `<@` takes whatever is smaller than 0.000001 for nothing, also the area between a side and a point. In degrees
 * that puts people up to some 70 metres outside a boundary of short sides inside it, so rings and points are compared in
 * millionths of a degree: there the same carelessness is less than the width of a hair.
 */
const PARTS_OF_A_DEGREE = 1_000_000;

/**
 * A condition on the point column `place` that holds exactly inside `area`: in some polygon's outer ring and in none of
 * its holes. Parameters are numbered after `taken`. The box around each polygon stands for itself, so that the GiST index
 * can answer. Longitude and latitude are taken as a plane, which is exact enough at the size of Britain.
 */
export function insideArea(area: MultiPolygon, taken: number): { sql: string; params: string[] } {
  const params: string[] = [];
  const param = (literal: string, type: 'box' | 'polygon'): string => {
    params.push(literal);
    return `$${taken + params.length}::${type}`;
  };
  const finely = `place * point(${PARTS_OF_A_DEGREE}, 0)`; // points are multiplied as complex numbers
  const polygons = area.coordinates.map(([outer, ...holes]) => {
    if (outer === undefined) return 'false';
    const near = `place <@ ${param(boxAround(outer), 'box')}`;
    const within = `${finely} <@ ${param(polygonLiteral(outer), 'polygon')}`;
    const without = holes.map((hole) => `not ${finely} <@ ${param(polygonLiteral(hole), 'polygon')}`);
    return `(${[near, within, ...without].join(' and ')})`;
  });
  return { sql: polygons.length === 0 ? 'false' : `(${polygons.join(' or ')})`, params };
}

function boxAround(ring: Ring): string {
  const [longitudes, latitudes] = [
    ring.map(([longitude]) => longitude),
    ring.map(([, latitude]) => latitude),
  ];
  return `(${Math.min(...longitudes)},${Math.min(...latitudes)}),(${Math.max(...longitudes)},${Math.max(...latitudes)})`;
}

function polygonLiteral(ring: Ring): string {
  const corners = ring.map(
    ([longitude, latitude]) => `(${longitude * PARTS_OF_A_DEGREE},${latitude * PARTS_OF_A_DEGREE})`,
  );
  return `(${corners.join(',')})`;
}
