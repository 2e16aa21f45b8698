import type { CapVersion } from '../../model/alert.js';

/** An alert as some sender writes it, and what is true of it. */
export type FieldSample = {
  readonly name: string;
  /** The schema that judges it. */
  readonly version: CapVersion;
  readonly valid: boolean;
  /** The codes of all findings, each once, in the order in which they are found. */
  readonly finds: readonly string[];
  readonly who: readonly [sender: string, identifier: string];
  readonly text: string;
};
