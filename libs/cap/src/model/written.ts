import type { Reference } from './alert.js';

/** How a polygon was written: as CAP wants it, with a comma at the end of a pair or before a space, over several lines, or unreadably. */
export type PolygonForm = 'proper' | 'comma' | 'lines' | 'broken';

/** What the model does not keep of an alert and the checks look at: how it was written. Areas and infos as they stand in the model. */
export type Written = {
  /** What was odd in `references`; undefined when the element is missing. */
  readonly references: WrittenReferences | undefined;
  /** The whole text; undefined when the element is missing. */
  readonly incidents: string | undefined;
  /** A signature stands before other content. */
  readonly signatureEarly: boolean;
  readonly infos: readonly WrittenInfo[];
};

/** Several identifiers in one reference, one reference twice, and those whose time cannot be read. */
export type WrittenReferences = {
  readonly packed: boolean;
  readonly doubled: boolean;
  readonly untimed: readonly Reference[];
};

/** The same of one info block. */
export type WrittenInfo = {
  /** A language is given, and its text is not empty. */
  readonly hasLanguage: boolean;
  /** Per area, the form of each of its polygons in the order of the document, broken ones included. */
  readonly areas: readonly (readonly PolygonForm[])[];
};
