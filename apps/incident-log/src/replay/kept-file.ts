import { readFileSync } from 'node:fs';
import { Instant } from '#contracts';
import { codeOf } from '#postgres';
import { z } from 'zod';
import type { KeptEvent } from '../timeline/kept-event.js';

const Line = z.object({
  source: z.string(),
  eventId: z.string(),
  topic: z.string(),
  streamId: z.string(),
  revision: z.number().int(),
  type: z.string(),
  time: Instant,
  incidentId: z.string().nullable(),
  receivedAt: Instant.nullable(),
  value: z.string(),
});

/** One event as a line of an exported archive (JSON lines). */
export function keptLine(event: KeptEvent): string {
  return JSON.stringify({ ...event });
}

/** Reads an exported archive. Throws when it cannot be read, and with the number of the first line that is not an event. */
export function readKeptFile(path: string): KeptEvent[] {
  const lines = textOf(path).split('\n');
  return lines.flatMap((line, n) => {
    if (line.trim() === '') return [];
    try {
      return [Line.parse(JSON.parse(line))];
    } catch (error) {
      throw new Error(`${path}, line ${n + 1}, is not an archived event`, { cause: error });
    }
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why =
      codeOf(error) === 'ENOENT' ? 'is not there' : `cannot be read (${codeOf(error) ?? 'unknown'})`;
    throw new Error(`the archive ${path} ${why}`, { cause: error });
  }
}
