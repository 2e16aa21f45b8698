import type { Mode } from '#contracts';

/** The one world of this process; a class, so that it can be asked for by name. */
export class World {
  constructor(readonly mode: Mode) {}
}
