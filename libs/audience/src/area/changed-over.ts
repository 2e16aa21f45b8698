import type { Position } from '#contracts';

/** Where Britain and Ireland lie, in whole degrees. */
const BRITAIN = { south: 49, north: 61, west: -11, east: 3 };

/** Whether the latitude and the longitude look changed over: the place is not in Britain, and would be the other way round. */
export function looksChangedOver([longitude, latitude]: Position): boolean {
  return !inBritain(latitude, longitude) && inBritain(longitude, latitude);
}

const inBritain = (latitude: number, longitude: number): boolean =>
  latitude >= BRITAIN.south &&
  latitude <= BRITAIN.north &&
  longitude >= BRITAIN.west &&
  longitude <= BRITAIN.east;
