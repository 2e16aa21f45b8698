import type { MultiPolygon } from '#contracts';

/** A square of `size` degrees whose south-western corner is (`longitude`, `latitude`), with an optional hole in its middle third. */
export function squareArea(longitude: number, latitude: number, size: number, hole = false): MultiPolygon {
  const outer = ring(longitude, latitude, size);
  const inner = ring(longitude + size / 3, latitude + size / 3, size / 3);
  return { type: 'MultiPolygon', coordinates: [hole ? [outer, inner] : [outer]] };
}

function ring(x: number, y: number, size: number): [number, number][] {
  return [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ];
}
