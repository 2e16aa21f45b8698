import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataMoved, giveTo, placeForData } from './data-place.js';
import { canReach, chooseUser, isSafeFolderOfOurs } from './run-as.js';

let folder: string;
let dataDir: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'larum-place-')));
  dataDir = path.join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As an earlier start noted it: the database of `owner` lies outside. */
function moved(owner = dataDir): string {
  mkdirSync(dataDir, { recursive: true });
  const outside = path.join(folder, 'outside');
  mkdirSync(outside, { mode: 0o755 });
  writeFileSync(path.join(outside, 'belongs-to'), `${owner}\n`);
  writeFileSync(path.join(dataDir, 'moved-to'), `${outside}\n`);
  return outside;
}

describe('where the data of a folder lies', () => {
  it('is inside it, when we run as ourselves', () => {
    expect(placeForData(dataDir, undefined)).toBe(path.join(dataDir, 'cluster'));
    expect(existsSync(dataDir)).toBe(true);
  });

  it('is the same by whichever way one comes to it', () => {
    mkdirSync(dataDir);
    symlinkSync(dataDir, path.join(folder, 'link'));
    expect(placeForData(path.join(folder, 'link'), undefined)).toBe(path.join(dataDir, 'cluster'));
    expect(placeForData(path.join(folder, 'other', '..', 'data'), undefined)).toBe(
      path.join(dataDir, 'cluster'),
    );
  });

  it('is where the note says, for ever', () => {
    const outside = moved();
    expect(placeForData(dataDir, undefined)).toBe(path.join(outside, 'cluster'));
  });

  it.each<[what: string, spoil: (outside: string) => void, says: string]>([
    ['the place is gone', (outside) => rmSync(outside, { recursive: true }), 'it is not there any more'],
    [
      'the place belongs to nobody known',
      (outside) => rmSync(path.join(outside, 'belongs-to')),
      'it is not there any more',
    ],
    ['others may write to the place', (outside) => chmodSync(outside, 0o777), 'it is not there any more'],
    [
      'the folder is a copy of another',
      (outside) => writeFileSync(path.join(outside, 'belongs-to'), '/elsewhere\n'),
      'looks like a copy of another data folder',
    ],
  ])('is refused, never begun anew, when %s', (_, spoil, says) => {
    const outside = moved();
    spoil(outside);
    const place = () => placeForData(dataDir, undefined);
    expect(place).toThrow(DataMoved);
    expect(place).toThrow(says);
    expect(existsSync(path.join(dataDir, 'cluster'))).toBe(false);
  });

  it('is not lost to a note for which a full disk had no room', () => {
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, 'moved-to'), '');
    expect(placeForData(dataDir, undefined)).toBe(path.join(dataDir, 'cluster'));
  });

  it('is given to nobody when nobody else runs it', () => {
    const before = statSync(folder).uid;
    giveTo(folder, undefined);
    expect(statSync(folder).uid).toBe(before);
  });
});

(process.getuid?.() === 0 ? it : it.skip)(
  'a database that a removed data folder left behind is never taken over: nobody has its password any more',
  () => {
    chmodSync(folder, 0o700);
    const begin = () => {
      const outside = path.dirname(placeForData(dataDir, chooseUser()));
      mkdirSync(path.join(outside, 'cluster'), { recursive: true });
      writeFileSync(path.join(outside, 'cluster', 'PG_VERSION'), '18\n');
      return outside;
    };
    const [left, again] = [begin(), begin()];
    writeFileSync(path.join(dataDir, 'moved-to'), '');
    const afterPowerCut = begin();
    rmSync(dataDir, { recursive: true });
    const [fresh, noted] = [begin(), begin()];
    const found = [existsSync(left), statSync(fresh).mode & 0o777];
    for (const outside of [left, fresh]) rmSync(outside, { recursive: true, force: true });
    expect([again, afterPowerCut, noted, found]).toEqual([left, left, fresh, [true, 0o755]]);
    expect(fresh.startsWith(`${left}-`)).toBe(true);
  },
);

describe('a folder that may be trusted', () => {
  it.each<[what: string, make: (at: string) => void, safe: boolean]>([
    ['one that only we can write to', (at) => mkdirSync(at, { mode: 0o755 }), true],
    ['one that nobody else can even see', (at) => mkdirSync(at, { mode: 0o700 }), true],
    ['one that its group can write to', (at) => (mkdirSync(at), chmodSync(at, 0o775)), false],
    ['one that anybody can write to', (at) => (mkdirSync(at), chmodSync(at, 0o757)), false],
    ['a file', (at) => writeFileSync(at, ''), false],
    ['a link to a good one', (at) => (mkdirSync(`${at}.real`), symlinkSync(`${at}.real`, at)), false],
    ['none', () => undefined, false],
  ])('%s', (_, make, safe) => {
    const at = path.join(folder, 'trusted');
    make(at);
    expect(isSafeFolderOfOurs(at)).toBe(safe);
  });
});

describe('the user that the server runs as', () => {
  it('is ourselves, unless we are root: PostgreSQL refuses that', () => {
    const user = chooseUser();
    if (process.getuid?.() === 0) expect(user?.uid).toBeGreaterThan(0);
    else expect(user).toBeUndefined();
  });

  (process.getuid?.() === 0 ? it : it.skip)(
    'reaches what is open all the way, and nothing behind a closed door',
    () => {
      const user = chooseUser()!;
      chmodSync(folder, 0o755);
      const program = path.join(folder, 'program');
      writeFileSync(program, '');
      chmodSync(program, 0o755); // whatever the umask is
      expect(canReach(program, user)).toBe(true);
      expect(canReach(path.join(folder, 'nothing'), user)).toBe(false);
      chmodSync(folder, 0o700);
      expect(canReach(program, user)).toBe(false);
    },
  );
});
