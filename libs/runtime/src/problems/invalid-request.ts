import type { Problem } from './problem.js';
import { houseProblem } from './house-problems.js';

/** One mistake of a request, as a schema names it (Standard Schema v1). */
export type SchemaIssue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

/** A caller with ten thousand mistakes is told the first of them. */
const MOST_FIELDS = 100;

/** Which part of a request was read, as Nest tells a pipe: the body, or one value by name of the address or the query. */
export type PartRead = { readonly type: string; readonly data?: string | undefined };

/** The problem for a request that its schema refuses: every field by name, never its value. An id in the address has its name there. */
export function invalidRequest(
  issues: readonly SchemaIssue[],
  { type, data }: PartRead = { type: 'body' },
): Problem {
  const fields = issues.slice(0, MOST_FIELDS).flatMap((issue) => fieldsOf(issue, data ?? type));
  const names = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return houseProblem('invalid-request', names.slice(0, 2_000), { fields });
}

function fieldsOf(issue: SchemaIssue, part: string): { field: string; message: string }[] {
  const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  const field = path.join('.') || part;
  const unknown = unknownKeys(issue);
  if (unknown.length === 0) return [{ field, message: issue.message }];
  return unknown.map((key) => ({ field: [...path, key].join('.'), message: 'is not known here' }));
}

/** zod names unknown fields in one issue about their object. */
function unknownKeys(issue: SchemaIssue): string[] {
  if (!('code' in issue) || issue.code !== 'unrecognized_keys' || !('keys' in issue)) return [];
  return Array.isArray(issue.keys) ? issue.keys.map(String) : [];
}
