import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AreaRefused, areaToGeoJson } from '../geometry/geo-json.js';
import { threadsOf } from '../references/threads.js';
import { capText } from '../testing/builders.js';
import { mutate, seeded } from '../testing/damage/mutate.js';
import { fullSample } from '../testing/samples.js';
import { CapNotWritable, writeCap } from '../writing/write-cap.js';
import { readCap } from './read-cap.js';

/** CI says 60; two seconds are enough to notice a slip while working. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 2);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261121);

function originals(): Buffer[] {
  const made = ['1.0', '1.1', '1.2'].map((version) => Buffer.from(fullSample(version as '1.2')));
  const folder = join(process.env['REAL_INPUT_DIR'] ?? '', 'cap');
  const real =
    process.env['REAL_INPUT_DIR'] !== undefined && existsSync(folder)
      ? readdirSync(folder).filter((file) => file.endsWith('.xml'))
      : [];
  if (real.length === 0) console.warn('REAL_INPUT_DIR is not set: only made-up alerts are damaged.');
  return [...made, Buffer.from(capText()), ...real.map((file) => readFileSync(join(folder, file)))];
}

/** Reads, writes, maps and threads; only the documented errors may come. */
function survive(bytes: Uint8Array): void {
  const reading = readCap(bytes, { lenient: true });
  expect(typeof reading.wellFormed).toBe('boolean');
  const alerts = reading.alerts.map((each) => each.alert);
  threadsOf(alerts);
  for (const alert of alerts) {
    try {
      writeCap(alert);
    } catch (error) {
      if (!(error instanceof CapNotWritable)) throw error;
    }
    for (const info of alert.infos) {
      try {
        areaToGeoJson(info.areas);
      } catch (error) {
        if (!(error instanceof AreaRefused)) throw error;
      }
    }
  }
}

describe('whatever comes in', () => {
  it(
    `nothing but a documented error comes of ${SECONDS} s of damaged alerts (seed ${SEED})`,
    () => {
      const pieces = originals();
      const random = seeded(SEED);
      const end = process.hrtime.bigint() + BigInt(Math.round(SECONDS * 1e9));
      let runs = 0;
      while (process.hrtime.bigint() < end) {
        const original = pieces[random(pieces.length)] ?? Buffer.alloc(0);
        let bytes =
          random(4) === 0 && original.length < 20_000
            ? Buffer.from(mutate(original.toString('utf8'), random))
            : Buffer.from(original);
        for (let change = random(6); change > 0; change -= 1) {
          const at = random(bytes.length);
          const length = random(200);
          const cut = bytes.subarray(at, at + length);
          const kinds = [
            () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
            () => Buffer.concat([bytes.subarray(0, at), cut, bytes.subarray(at)]),
            () => bytes.subarray(0, Math.max(1, at)),
            () => Buffer.concat([bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at + 1)]),
          ];
          bytes = Buffer.from((kinds[random(kinds.length)] ?? (() => bytes))());
          if (bytes.length === 0) bytes = Buffer.from('<');
        }
        try {
          survive(bytes);
        } catch (error) {
          throw new Error(`run ${runs} of seed ${SEED}: ${bytes.toString('latin1').slice(0, 2_000)}`, {
            cause: error,
          });
        }
        runs += 1;
      }
      console.info(`${runs} damaged alerts, seed ${SEED}`);
      expect(runs).toBeGreaterThan(5);
    },
    (SECONDS + 60) * 1000,
  );

  it('random bytes are refused with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { refused } = readCap(bytes);
        expect(refused?.message).toMatch(/\.$/);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
