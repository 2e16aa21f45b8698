import { type Finding, Findings } from '../checks/finding.js';
import { checkAlert } from '../checks/check-alert.js';
import { type Excess, excessOf } from '../model/count-limits.js';
import { validate } from '../schema/validate.js';
import { parseXml } from '../xml/parse-xml.js';
import { type RefusalCode, XmlRefused } from '../intake/refusal.js';
import { MOST_BYTES, openSource, tooLarge } from '../intake/source.js';
import type { XmlDocument, XmlElement } from '../xml/tree.js';
import { type SignatureReading, verifySignatures } from '../signatures/verify.js';
import { type Trust, TRUST_NOBODY } from '../certificates/trust.js';
import { instantOf } from '../model/instant.js';
import { type Alert, type CapVersion, versionOf } from '../model/alert.js';
import { type CapLink, isEntry, linkOf } from './links.js';
import { readAlert } from './read-alert.js';

/** How a document is read. */
export type ReadOptions = {
  /** Findings that leave the alert readable are `error` instead of `reject`. The schema's verdict stays the same. */
  readonly lenient?: boolean;
  /** Only the schema's verdict and its findings: for a writer that checks its own output. */
  readonly schemaOnly?: boolean;
  /**
   * Takes each alert as soon as it is read, and `alerts` stays empty: for feeds of thousands. Whoever takes them waits for the
   * answer before using any: a document that breaks off at its end is refused as a whole.
   */
  readonly each?: (reading: AlertReading) => void;
  /** Whose signatures are trusted; nobody's, unless configured. */
  readonly trust?: Trust;
};

/** One alert of a document, with everything that was found out about it. */
export type AlertReading = {
  readonly alert: Alert;
  /** Undefined: the element is called alert and is in no CAP namespace. */
  readonly version: CapVersion | undefined;
  /** Exactly what the official schema of its version says. */
  readonly valid: boolean;
  readonly findings: readonly Finding[];
  /** Every signature with its verdict; empty when the alert is not signed. */
  readonly signatures: readonly SignatureReading[];
  /** The alert as it came, its bytes untouched. For a document in UTF-16 or a rare encoding: its UTF-8 form. */
  readonly bytes: Uint8Array;
  /** The alert is larger than the safety limits: it is named, so that its sender can be told, and never taken in. */
  readonly excess?: Excess;
};

/** What came out of a document. Nothing is thrown: a document that cannot be read says why. */
export type CapReading = {
  readonly wellFormed: boolean;
  readonly refused?: { readonly code: RefusalCode; readonly message: string };
  readonly alerts: readonly AlertReading[];
  /** Feed entries that name an alert without holding it. They are never followed here. */
  readonly links: readonly CapLink[];
};

/** Alerts and links of one document: as many as elements in one alert. The largest real feeds have some hundreds. */
const MOST_ENTRIES = 20_000;

/**
 * Reads every CAP alert in `bytes`: CAP 1.0, 1.1 or 1.2, alone or inside Atom, RSS, EDXL-DE or any other wrapper. Never throws,
 * never fetches anything, and answers hostile documents in bounded time and memory.
 */
export function readCap(bytes: Uint8Array, options: ReadOptions = {}): CapReading {
  const alerts: AlertReading[] = [];
  const links: CapLink[] = [];
  const keep = (reading: AlertReading): void => void alerts.push(reading);
  let excess: Excess | undefined;
  try {
    const source = openSource(bytes);
    let lastTaken = -1;
    let entries = 0;
    let faults = 0;
    const count = (): void => {
      entries += 1;
      if (entries > MOST_ENTRIES) throw tooMany();
    };
    // Nobody is answered at more length than the document has: one finding for 250 bytes is far more than real feeds give.
    let findingsLeft = Math.max(1_000, source.bytes.length / 250);
    const take = (element: XmlElement, document?: XmlDocument): void => {
      const within = source.bytes.subarray(element.start, element.end);
      if (within.length > MOST_BYTES.alert) throw tooLarge('alert');
      count();
      // Costs far more to read than its size says, and nobody could answer for it.
      if (faults > 1_000 && 20 * faults > source.bytes.length) throw tooFaulty();
      lastTaken = element.start;
      const findings = new Findings(options.lenient === true, findingsLeft > 0 ? 1_000 : 3);
      const reading = readOne({ element, document, within, source: source.bytes, findings }, options);
      findingsLeft -= reading.findings.length;
      faults += findings.count;
      excess ??= reading.excess;
      (options.each ?? keep)(reading);
    };
    const document = parseXml(source, {
      root: (root) => {
        if (isAlert(root) && bytes.length > MOST_BYTES.alert) throw tooLarge('alert');
      },
      closed: (element) => {
        if (element.parent === undefined || insideAlert(element.parent)) return false;
        if (isAlert(element)) {
          take(element);
          return true;
        }
        if (!isEntry(element)) return false;
        // An alert inside has been taken out of the tree by now; a link beside it only says where else it lies.
        const link = lastTaken > element.start ? undefined : linkOf(element);
        if (link === undefined) return true;
        count();
        links.push(link);
        return true;
      },
    });
    if (isAlert(document.root)) take(document.root, document);
    if (lastTaken === -1 && links.length === 0 && !isFeed(document.root)) {
      return {
        wellFormed: true,
        refused: { code: 'not-cap', message: 'The document holds no CAP alert.' },
        alerts,
        links,
      };
    }
    return { wellFormed: true, ...(excess === undefined ? {} : { refused: excess }), alerts, links };
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return {
      wellFormed: false,
      refused: { code: error.code, message: error.message },
      alerts: [],
      links: [],
    };
  }
}

/** An alert where it stands: in a document of its own when that is given, in bytes of its own within those of the source. */
type Found = {
  readonly element: XmlElement;
  readonly document: XmlDocument | undefined;
  readonly within: Uint8Array;
  readonly source: Buffer;
  readonly findings: Findings;
};

function readOne({ element, document, within, source, findings }: Found, options: ReadOptions): AlertReading {
  const valid = validate(element, findings);
  const { alert, written } = readAlert(element, source);
  const excess = excessOf(alert);
  let signatures: readonly SignatureReading[] = [];
  if (excess !== undefined) findings.add('limit', '/alert', excess.message);
  else if (options.schemaOnly !== true) {
    checkAlert(alert, written, findings);
    const who = { sender: alert.sender, sentMs: instantOf(alert.sent) };
    signatures = verifySignatures(element, document, who, options.trust ?? TRUST_NOBODY);
    signatures.forEach((each, index) => addSignature(each, index, signatures.length, findings));
  }
  const read = {
    alert,
    version: versionOf(element.namespace),
    valid,
    findings: findings.all(),
    signatures,
    bytes: within,
  };
  return excess === undefined ? read : { ...read, excess };
}

/** A message is never rejected because nobody can check its signature (CAP 1.2 §3.3.4.1): it is taken and marked. */
function addSignature(
  { verdict, why }: SignatureReading,
  index: number,
  of: number,
  findings: Findings,
): void {
  const path = `/alert/Signature${of > 1 ? `[${index + 1}]` : ''}`;
  switch (verdict) {
    case 'invalid':
      return findings.add('signature-invalid', path, why);
    case 'weak':
      return findings.add('signature-weak', path, why);
    case 'unsupported':
    case 'untrusted':
      return findings.add('signature-unverified', path, why);
    case 'valid':
      return;
  }
}

/** An element that calls itself an alert, in one of the three namespaces, or at the top of the document in any. */
function isAlert(element: XmlElement): boolean {
  return (
    element.local === 'alert' && (element.parent === undefined || versionOf(element.namespace) !== undefined)
  );
}

function insideAlert(element: XmlElement): boolean {
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent)
    if (isAlert(at)) return true;
  return false;
}

const tooMany = (): XmlRefused =>
  new XmlRefused(
    'too-many-alerts',
    `The document holds more than ${MOST_ENTRIES} alerts and links. Ask the sender for a shorter feed.`,
  );

const tooFaulty = (): XmlRefused =>
  new XmlRefused(
    'too-many-faults',
    'The document has more than one fault for every 20 bytes. Ask the sender for alerts that the schema accepts.',
  );

const isFeed = (root: XmlElement): boolean => ['feed', 'rss', 'RDF', 'EDXLDistribution'].includes(root.local);
