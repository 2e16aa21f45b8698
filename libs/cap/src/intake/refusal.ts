/** Why a document was not taken in at all. `not-well-formed` says what XML forbids; the others are our own safety limits. */
export type RefusalCode =
  | 'empty'
  | 'encoding'
  | 'not-well-formed'
  | 'doctype'
  | 'xinclude'
  | 'too-large'
  | 'too-deep'
  | 'too-many-elements'
  | 'too-many-attributes'
  | 'too-many-nodes'
  | 'too-many-namespaces'
  | 'too-many-alerts'
  | 'too-many-faults'
  | 'too-many-infos'
  | 'too-many-areas'
  | 'too-many-polygons'
  | 'too-many-vertices'
  | 'too-many-references'
  | 'attachment-too-large'
  | 'not-cap';

/** The one error that reading throws inside the library. Trying again changes nothing: the sender must send another document. */
export class XmlRefused extends Error {
  override readonly name = 'XmlRefused';

  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}
