import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { invalidRequest, plainWords, type PartRead, type Problem } from '#runtime';
import { checkDepth } from './depth.js';
import { problem } from '../problems/problem-table.js';

/** Control characters but for line ends and lone surrogates: a database and a screen cannot be trusted with them. */
const UNSHOWABLE = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/**
 * A body as its schema reads it. What is wrong is refused by the most telling problem: characters that cannot be shown,
 * an unknown field, an area that is none, or else `invalid-request`; each names every field.
 */
class AskedPipe<Schema extends z.ZodType> implements PipeTransform {
  constructor(private readonly schema: Schema) {}

  transform(body: unknown, part?: PartRead): z.infer<Schema> {
    checkDepth(body);
    const unshowable = unshowableAt(body);
    if (unshowable !== undefined) {
      throw problem('control-characters', undefined, {
        fields: [{ field: unshowable, message: 'contains a control character or half of a character' }],
      });
    }
    const read = this.schema.safeParse(body, { reportInput: false, error: plainWords });
    if (read.success) return read.data;
    throw problemFor(areasInOneSentence(read.error.issues), part);
  }
}

/** The pipe for one body: `@Body(asked(OpenIncident)) body: OpenIncident`. */
export const asked = <Schema extends z.ZodType>(schema: Schema) => new AskedPipe(schema);

function problemFor(issues: readonly z.core.$ZodIssue[], part?: PartRead): Problem {
  const invalid = invalidRequest(issues, part);
  const { detail, extra } = invalid;
  if (issues.some(({ code }) => code === 'unrecognized_keys')) return problem('unknown-field', detail, extra);
  const inArea = issues.every(({ path }) => path.includes('geometry') || path.at(-1) === 'area');
  return inArea ? problem('wrong-area', detail, extra) : invalid;
}

const NO_MULTIPOLYGON =
  'must be a GeoJSON MultiPolygon; a Polygon becomes one in one more pair of brackets: {"type":"MultiPolygon","coordinates":[…the coordinates of the Polygon…]}';

/** A Polygon in place of a MultiPolygon is one mistake, and not one at every corner. Unknown fields stay named. */
function areasInOneSentence(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const others = issues.flatMap((issue) =>
    issue.code === 'invalid_value' && issue.values.includes('MultiPolygon') ? [issue.path.slice(0, -1)] : [],
  );
  const within = ({ code, path }: z.core.$ZodIssue) =>
    code !== 'unrecognized_keys' && others.some((area) => area.every((step, n) => path[n] === step));
  const told = others.map((path) => ({ code: 'custom' as const, path, message: NO_MULTIPOLYGON }));
  return [...issues.filter((issue) => !within(issue)), ...told];
}

/** Where a text, or the name of a field, cannot be shown. */
function unshowableAt(body: unknown): string | undefined {
  const open: { at: string; value: unknown }[] = [{ at: 'body', value: body }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, value } = next;
    if (typeof value === 'string' && !isShowable(value)) return at;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (!isShowable(key)) return `${at}, the name of a field in it`;
      if (typeof inner === 'string' || typeof inner === 'object') {
        open.push({ at: at === 'body' ? key : `${at}.${key}`, value: inner });
      }
    }
  }
  return undefined;
}

const isShowable = (text: string) => text.isWellFormed() && !UNSHOWABLE.test(text);
