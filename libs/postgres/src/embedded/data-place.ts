import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import path from 'node:path';
import { sha256Hex, writeWhole } from '#runtime';
import { canReach, isSafeFolderOfOurs, ROOMY_TEMP, type RunAs } from './run-as.js';

/** The note in the data folder that says where its database lies, when it cannot lie inside. */
const NOTE = 'moved-to';

/** The database of this data folder is not where it was put. Somebody must bring it back, or start on a new data folder. */
export class DataMoved extends Error {
  override readonly name = 'DataMoved';
  readonly forOperator = true;
}

/**
 * The folder that holds the cluster of `dataDir`, made if need be. Inside it, unless the user that PostgreSQL must run as
 * cannot pass through to it (we are root and a parent is closed): then a reachable folder, named after the SHA-256 of the
 * data folder's real path so that two data folders never share one, and noted in the data folder for ever. Without the note, a
 * folder of that name that holds a cluster is left alone, and a fresh one made beside it: it belonged to a data folder that was
 * removed together with the password.
 */
export function placeForData(dataDir: string, runAs: RunAs | undefined): string {
  mkdirSync(dataDir, { recursive: true });
  const real = realpathSync(dataDir);
  const note = path.join(real, NOTE);
  const inside = path.join(real, 'cluster');
  const outsideNoted = existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
  if (outsideNoted !== '') return noted(outsideNoted, real); // empty: a full disk had no room for it, or the power failed
  if (runAs === undefined || existsSync(path.join(inside, 'PG_VERSION')) || canReach(real, runAs))
    return inside;
  const usual = path.join(ROOMY_TEMP, nameFor(real));
  const isTaken = !existsSync(note) && existsSync(path.join(usual, 'cluster', 'PG_VERSION'));
  const outside = isTaken ? mkdtempSync(`${usual}-`) : usual;
  if (!existsSync(outside)) mkdirSync(outside, { mode: 0o755 });
  if (!isSafeFolderOfOurs(outside)) {
    throw new DataMoved(
      `${outside} belongs to somebody else: remove it, or choose a data folder that ${runAs.name} can reach`,
    );
  }
  chmodSync(outside, 0o755);
  writeWhole(path.join(outside, 'belongs-to'), `${real}\n`, 0o644);
  writeWhole(note, `${outside}\n`, 0o644);
  return path.join(outside, 'cluster');
}

const nameFor = (real: string): string => `larum-data-${sha256Hex(real).slice(0, 32)}`;

function noted(outside: string, real: string): string {
  const owner = path.join(outside, 'belongs-to');
  if (!isSafeFolderOfOurs(outside) || !existsSync(owner)) {
    throw new DataMoved(
      `the database of ${real} was kept in ${outside}, and it is not there any more: bring it back, or start on a new data folder`,
    );
  }
  if (readFileSync(owner, 'utf8').trim() !== real) {
    throw new DataMoved(
      `${real} looks like a copy of another data folder, whose database is in ${outside}: start on a new data folder`,
    );
  }
  return path.join(outside, 'cluster');
}

/** Gives a folder or file to the user that PostgreSQL runs as. */
export function giveTo(file: string, runAs: RunAs | undefined): void {
  if (runAs !== undefined && lstatSync(file).uid !== runAs.uid) chownSync(file, runAs.uid, runAs.gid);
}
