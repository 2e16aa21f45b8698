import type { KeyObject } from 'node:crypto';
import {
  attributeOf,
  childElements,
  childOf,
  DSIG,
  textOf,
  type XmlDocument,
  type XmlElement,
} from '../xml/tree.js';
import { CANONICALIZATIONS, costOf, fits, isShort, type Method, SIGNATURES, verifies } from './algorithms.js';
import { canonicalXml, inclusivePrefixes, inheritsXmlIdOrBase } from '../canonical/canonical-xml.js';
import { base64, broughtKeys } from '../certificates/keys.js';
import { checkReferences, type Scene } from './references.js';
import { isTrusted, type Trust } from '../certificates/trust.js';

/** The first that applies. `untrusted`: mathematically right, and nobody configured vouches for the key. */
export type SignatureVerdict = 'unsupported' | 'invalid' | 'weak' | 'untrusted' | 'valid';

/** One signature of an alert. What counts as signed is the whole alert without its signatures, or nothing. */
export type SignatureReading = {
  readonly verdict: SignatureVerdict;
  /** The signature method and the canonicalization of `SignedInfo`, as the message names them. */
  readonly algorithm: string;
  readonly canonicalization: string;
  /** Why, in a sentence. */
  readonly why: string;
  /** Subject of the certificate whose key fits, as the message tells it: a claim, unless the verdict is `valid`. */
  readonly subject?: string;
};

/**
 * Work for one alert is bounded: its canonical form is made at most so often, all signatures together. Two signatures, the one
 * behind the other, need three; a large alert gets no more than it can use.
 */
const mostForms = (bytes: number): number => (bytes <= 65_536 ? 8 : bytes <= 131_072 ? 4 : 3);
const MOST_SIGNATURES = 16;
/** How many keys are read, and how often a value is tried with one, for all signatures of an alert together. A slow key counts twice. */
const MOST_KEYS = 16;
const MOST_CHECKS = 16;
const NO_PREFIXES: ReadonlySet<string> = new Set();

/** Checks every signature that is a child of `alert`. `document` is given when the alert is its root: a signature may cover what stands around it. */
export function verifySignatures(
  alert: XmlElement,
  document: XmlDocument | undefined,
  who: { readonly sender: string; readonly sentMs: number | undefined },
  trust: Trust,
): SignatureReading[] {
  const signatures = childElements(alert).filter(
    (each) => each.local === 'Signature' && each.namespace === DSIG,
  );
  const scene: Scene = {
    alert,
    document,
    signatures,
    formsLeft: mostForms(alert.end - alert.start),
    checksLeft: MOST_CHECKS,
    keysLeft: MOST_KEYS,
  };
  return signatures.map((signature, index) =>
    index < MOST_SIGNATURES
      ? verifyOne(signature, scene, who, trust)
      : {
          ...methodsOf(signature),
          verdict: 'unsupported',
          why: `More than ${MOST_SIGNATURES} signatures are not looked at.`,
        },
  );
}

function methodsOf(signature: XmlElement): { algorithm: string; canonicalization: string } {
  const signedInfo = childOf(signature, 'SignedInfo', DSIG);
  const named = (name: string): string => {
    const found = signedInfo === undefined ? undefined : childOf(signedInfo, name, DSIG);
    return found === undefined ? '' : (attributeOf(found, 'Algorithm') ?? '');
  };
  return { algorithm: named('SignatureMethod'), canonicalization: named('CanonicalizationMethod') };
}

function verifyOne(
  signature: XmlElement,
  scene: Scene,
  who: { readonly sender: string; readonly sentMs: number | undefined },
  trust: Trust,
): SignatureReading {
  const methods = methodsOf(signature);
  const say = (verdict: SignatureVerdict, why: string): SignatureReading => ({ ...methods, verdict, why });
  const method = SIGNATURES.get(methods.algorithm);
  const signedInfo = childOf(signature, 'SignedInfo', DSIG);
  const value = childOf(signature, 'SignatureValue', DSIG);
  if (signedInfo === undefined || value === undefined)
    return say('invalid', 'The signature lacks SignedInfo or SignatureValue.');
  if (childElements(signature).filter((each) => each.local === 'SignedInfo').length > 1) {
    return say('invalid', 'The signature has two SignedInfo: which one was signed cannot be known.');
  }
  if (method === undefined) return say('unsupported', 'The signature method is not known here.');
  const data = signedData(signedInfo, methods.canonicalization, scene);
  if (data === undefined)
    return say(
      'unsupported',
      'The canonicalization is not known here, or depends on xml:id or xml:base around it.',
    );
  const brought = broughtKeys(signature, Math.max(0, scene.keysLeft));
  const slow = brought.keys.reduce((sum, key) => sum + costOf(key) - 1, 0);
  scene.keysLeft -= brought.tried + slow;
  const trusted = trust.senders.get(who.sender);
  const keys = [...brought.keys, ...(trusted?.certificates ?? []).map((each) => each.publicKey)].filter(
    (key) => fits(key, method),
  );
  if (keys.length === 0)
    return say(
      'unsupported',
      'There is no key to check it with: neither in the message nor configured for the sender.',
    );
  const references = checkReferences(signature, signedInfo, scene);
  if (references.verdict !== 'right') return say(references.verdict, references.why);
  const key = keyThatVerifies(method, data, keys, base64(textOf(value)), scene);
  if (key === 'too-much' || (key === undefined && brought.cut))
    return say('unsupported', 'The signatures bring more keys than one alert is given time for.');
  if (key === undefined) return say('invalid', 'The signature value does not fit what it signs.');
  const certificate = brought.certificates.find((each) => each.publicKey.equals(key));
  const subject = certificate === undefined ? {} : { subject: certificate.subject };
  const at = trust.at ?? who.sentMs ?? Number.NaN;
  if (method.weak || references.weak || isShort(key)) {
    return { ...say('weak', 'It fits, by SHA-1 or a short key, which can be forged.'), ...subject };
  }
  if (isTrusted(key, brought, trusted, at))
    return { ...say('valid', `It fits, and its key is trusted for ${who.sender}.`), ...subject };
  const isPinned = trusted?.certificates.some((each) => each.publicKey.equals(key)) === true;
  const why = isPinned
    ? `the certificate that is configured for ${who.sender} was not in force when the alert was sent`
    : `nobody configured vouches for its key as ${who.sender}'s`;
  return { ...say('untrusted', `It fits, and ${why}.`), ...subject };
}

/** `SignedInfo` as it may have been signed: with what encloses the alert, and for an alert inside a feed also without. */
function signedData(signedInfo: XmlElement, algorithm: string, scene: Scene): readonly string[] | undefined {
  const how = CANONICALIZATIONS.get(algorithm);
  if (how === undefined || (!how.exclusive && inheritsXmlIdOrBase(signedInfo))) return undefined;
  const method = childElements(signedInfo).find((each) => each.local === 'CanonicalizationMethod');
  const prefixes = method === undefined ? NO_PREFIXES : inclusivePrefixes(method);
  if (prefixes === undefined) return undefined;
  const full = { ...how, inclusivePrefixes: prefixes };
  const whole = canonicalXml(signedInfo, full);
  return scene.document === undefined
    ? [whole, canonicalXml(signedInfo, { ...full, within: scene.alert })]
    : [whole];
}

function keyThatVerifies(
  method: Method,
  data: readonly string[],
  keys: readonly KeyObject[],
  value: Uint8Array | undefined,
  scene: Scene,
): KeyObject | 'too-much' | undefined {
  if (value === undefined) return undefined;
  for (const key of keys) {
    for (const each of data) {
      if (scene.checksLeft <= 0) return 'too-much';
      scene.checksLeft -= costOf(key);
      if (verifies(method, each, key, value)) return key;
    }
  }
  return undefined;
}
