import type { Problem, ProblemReader } from '#runtime';
import { WarningRefused } from '#warning';
import { problem } from './problem-table.js';
import { refusals } from './refusals.js';

/** The one table from the rules' refusals to HTTP, for the filter of the process. */
export const readRefusal: ProblemReader = (error: unknown): Problem | undefined => {
  if (!(error instanceof WarningRefused)) return undefined;
  const { reason, details } = error;
  const { meaning } = refusals[reason];
  if (details.length === 0) return problem(reason);
  return problem(reason, `${meaning} ${details.join('; ')}`, { details });
};
