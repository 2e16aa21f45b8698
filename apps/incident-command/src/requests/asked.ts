import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { invalidRequest, type Problem } from '#runtime';
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

  transform(body: unknown): z.infer<Schema> {
    checkDepth(body);
    const unshowable = unshowableAt(body);
    if (unshowable !== undefined) {
      throw problem('control-characters', undefined, {
        fields: [{ field: unshowable, message: 'contains a control character or half of a character' }],
      });
    }
    const read = this.schema.safeParse(body, { reportInput: false });
    if (read.success) return read.data;
    throw problemFor(read.error.issues);
  }
}

/** The pipe for one body: `@Body(asked(OpenIncident)) body: OpenIncident`. */
export const asked = <Schema extends z.ZodType>(schema: Schema) => new AskedPipe(schema);

function problemFor(issues: readonly z.core.$ZodIssue[]): Problem {
  const { detail, extra } = invalidRequest(issues);
  if (issues.some(({ code }) => code === 'unrecognized_keys')) return problem('unknown-field', detail, extra);
  const inArea = issues.every(({ path }) => path.includes('geometry') || path.at(-1) === 'area');
  return inArea ? problem('wrong-area', detail, extra) : invalidRequest(issues);
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
