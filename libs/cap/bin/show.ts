import {
  AreaRefused,
  areaToGeoJson,
  type Alert,
  CapNotWritable,
  type CapReading,
  readCap,
  type Thread,
  threadsOf,
  writeCap,
} from '../src/index.js';
import { print, readArguments, readInput, Usage } from './usage.js';

const CONVERT = `cap convert [--ipaws] FILE

Prints the alert as CAP 1.2, in UTF-8 and in our own order and spacing. CAP 1.0 and 1.1 are raised. Signatures are left out: they
cover other bytes. Exits 1 when the alert cannot be said in CAP 1.2, and says why.

Example:
  npm run --silent cap -- convert old-alert.xml > alert.xml
`;
const GEOJSON = `cap geojson FILE

Prints the areas as a GeoJSON FeatureCollection, one feature per area: longitude first, rings closed, cut at the antimeridian.
An area without a shape that can be trusted has a null geometry and says why.

Example:
  npm run --silent cap -- geojson flood.xml
`;
const THREAD = `cap thread FILE…

Prints the threads of all alerts in all files as JSON: which message supersedes or cancels which, what is live, what is missing.
The order of the files changes nothing.

Example:
  npm run --silent cap -- thread cancel.xml flood.xml
`;

/** `cap convert`. */
export function convert(args: readonly string[]): number {
  const { files, flags } = readArguments(args, CONVERT, ['--help', '--ipaws'], []);
  if (flags.has('--help')) return help(CONVERT);
  const [reading] = readAll(oneFile(files, CONVERT), CONVERT);
  const [first, ...others] = reading?.alerts ?? [];
  if (first === undefined)
    return failed(`no alert: ${reading?.refused?.message ?? 'the document holds links only'}`);
  if (others.length > 0) return failed('the document holds several alerts; convert takes one');
  try {
    print(writeCap(first.alert, { ipaws: flags.has('--ipaws') }));
    return 0;
  } catch (error) {
    if (!(error instanceof CapNotWritable)) throw error;
    return failed(error.message);
  }
}

/** `cap geojson`. */
export function geojson(args: readonly string[]): number {
  const { files, flags } = readArguments(args, GEOJSON, ['--help'], []);
  if (flags.has('--help')) return help(GEOJSON);
  const [reading] = readAll(oneFile(files, GEOJSON), GEOJSON);
  if (reading === undefined || reading.alerts.length === 0)
    return failed(`no alert: ${reading?.refused?.message ?? 'the document holds links only'}`);
  const features = reading.alerts.flatMap(({ alert }) =>
    alert.infos.flatMap((info) => info.areas.map((area) => feature(alert, info, area))),
  );
  print(`${JSON.stringify({ type: 'FeatureCollection', features })}\n`);
  return 0;
}

/** `cap thread`. */
export function thread(args: readonly string[]): number {
  const { files, flags } = readArguments(args, THREAD, ['--help'], []);
  if (flags.has('--help')) return help(THREAD);
  if (files.length === 0) throw new Usage('name at least one file', THREAD);
  const alerts = readAll(files, THREAD).flatMap((reading) => reading.alerts.map((each) => each.alert));
  print(`${JSON.stringify(threadsOf(alerts).map(threadJson), null, 2)}\n`);
  return 0;
}

function feature(
  alert: Alert,
  info: Alert['infos'][number],
  area: Alert['infos'][number]['areas'][number],
): object {
  const properties = {
    sender: alert.sender,
    identifier: alert.identifier,
    sent: alert.sent,
    language: info.language,
    event: info.event,
    areaDesc: area.areaDesc,
    geocodes: area.geocodes,
  };
  try {
    return { type: 'Feature', geometry: areaToGeoJson(area), properties };
  } catch (error) {
    if (!(error instanceof AreaRefused)) throw error;
    return {
      type: 'Feature',
      geometry: null,
      properties: { ...properties, refused: { reason: error.reason, message: error.message } },
    };
  }
}

const named = ({ sender, identifier, sent }: Alert): object => ({ sender, identifier, sent });

function threadJson({ messages, live, missing, claims }: Thread): object {
  return {
    state: live.length > 0 ? 'live' : 'ended',
    live: live.map(named),
    messages: messages.map(({ alert, msgType, state, copies, differs }) => ({
      ...named(alert),
      msgType,
      state,
      copies,
      differs,
      references: alert.references,
    })),
    missing,
    claims: claims.map(named),
  };
}

function oneFile(files: readonly string[], text: string): readonly string[] {
  if (files.length !== 1) throw new Usage('name one file', text);
  return files;
}

const readAll = (files: readonly string[], text: string): CapReading[] =>
  files.map((file) => readCap(readInput(file, text)));

function help(text: string): number {
  print(text);
  return 0;
}

function failed(why: string): number {
  process.stderr.write(`cap: ${why}\n`);
  return 1;
}
