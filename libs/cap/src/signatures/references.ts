import {
  attributeOf,
  childElements,
  childOf,
  DSIG,
  isElement,
  textOf,
  type XmlDocument,
  type XmlElement,
} from '../xml/tree.js';
import { CANONICALIZATIONS, digestOf, DIGESTS, MADE, type Method } from './algorithms.js';
import {
  type Canonicalization,
  canonicalDocument,
  canonicalXml,
  inclusivePrefixes,
  inheritsXmlIdOrBase,
} from '../canonical/canonical-xml.js';
import { base64 } from '../certificates/keys.js';

/** What one alert's signatures are checked against, and how much work is left for it. */
export type Scene = {
  readonly alert: XmlElement;
  /** Only when the alert is the whole document. */
  readonly document: XmlDocument | undefined;
  readonly signatures: readonly XmlElement[];
  formsLeft: number;
  checksLeft: number;
  keysLeft: number;
};

/** Whether all that `SignedInfo` refers to is unchanged, and is the alert. */
export type ReferencesVerdict =
  | { readonly verdict: 'right'; readonly weak: boolean }
  | { readonly verdict: 'invalid' | 'unsupported'; readonly why: string };

const unsupported = (why: string): ReferencesVerdict => ({ verdict: 'unsupported', why });
const invalid = (why: string): ReferencesVerdict => ({ verdict: 'invalid', why });
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116';
const CANONICAL_10 = MADE.canonicalization['c14n-1.0'];
/** More references than this in one signature are not followed. */
const MOST = 4;

/**
 * Every reference must fit, and at least one must cover the whole alert: the element that is read, not another one that happens
 * to carry the same id somewhere in the document (signature wrapping).
 */
export function checkReferences(
  signature: XmlElement,
  signedInfo: XmlElement,
  scene: Scene,
): ReferencesVerdict {
  const references = childElements(signedInfo).filter(
    (each) => each.local === 'Reference' && each.namespace === DSIG,
  );
  if (references.length === 0) return invalid('The signature refers to nothing.');
  if (references.length > MOST)
    return unsupported(`More than ${MOST} references in one signature are not followed.`);
  let weak = false;
  let covered = false;
  for (const reference of references) {
    const target = targetOf(reference, scene);
    if (typeof target === 'string')
      return target === 'outside'
        ? unsupported('It refers to something outside the document, which is never fetched.')
        : invalid(target);
    const digest = DIGESTS.get(algorithmOf(childOf(reference, 'DigestMethod', DSIG)));
    const transforms = transformsOf(reference, signature, scene);
    if (digest === undefined || transforms === undefined)
      return unsupported('A digest or transform is not known here.');
    const value = childOf(reference, 'DigestValue', DSIG);
    const expected = (value === undefined ? undefined : base64(textOf(value)))?.toString('base64');
    if (expected === undefined) return invalid('A reference has no digest.');
    const fits =
      target === scene.alert
        ? alertFits(transforms, signature, digest, expected, scene)
        : partFits(target, transforms, digest, expected, scene);
    if (fits === 'too-much') return unsupported('The signatures ask for more work than one alert is given.');
    if (!fits) return invalid('The digest does not fit: the alert was changed after it was signed.');
    weak ||= digest.weak;
    covered ||= target === scene.alert;
  }
  return covered
    ? { verdict: 'right', weak }
    : invalid('The signature covers something else than this alert.');
}

const algorithmOf = (element: XmlElement | undefined): string =>
  element === undefined ? '' : (attributeOf(element, 'Algorithm') ?? '');

/** The element that a reference names, `outside`, or why there is none. */
function targetOf(reference: XmlElement, scene: Scene): XmlElement | 'outside' | string {
  const uri = attributeOf(reference, 'URI');
  // For an alert inside a feed the alert is its own document: it was signed before it was put there.
  if (uri === undefined || uri === '') return scene.alert;
  if (!uri.startsWith('#')) return 'outside';
  const pointer = /^#xpointer\(id\(['"]([^'"]+)['"]\)\)$/.exec(uri);
  const id = pointer?.[1] ?? uri.slice(1);
  if (uri === '#xpointer(/)') return scene.alert;
  const found = withId(scene.alert, id);
  if (found.length !== 1)
    return found.length === 0
      ? 'The signature refers to an id that is not in the alert.'
      : 'The id that the signature refers to stands twice.';
  return found[0] ?? 'outside';
}

function withId(element: XmlElement, id: string): XmlElement[] {
  const own = element.attributes.some(
    (each) => each.value === id && (each.local === 'Id' || each.local === 'ID' || each.local === 'id'),
  );
  return [...(own ? [element] : []), ...childElements(element).flatMap((child) => withId(child, id))];
}

type Transforms = {
  readonly how: Canonicalization;
  readonly without: ReadonlySet<XmlElement>;
  readonly enveloped: boolean;
};

/** Undefined when one of them is not known. A same-document reference leaves comments out (XML Signature 1.1 §4.4.3.3). */
function transformsOf(reference: XmlElement, signature: XmlElement, scene: Scene): Transforms | undefined {
  const list = childOf(reference, 'Transforms', DSIG);
  let how = CANONICALIZATIONS.get(CANONICAL_10);
  let canonical = false;
  let without: ReadonlySet<XmlElement> = new Set();
  let enveloped = false;
  for (const transform of list === undefined ? [] : childElements(list)) {
    const algorithm = algorithmOf(transform);
    const form = CANONICALIZATIONS.get(algorithm);
    if (canonical) return undefined;
    if (form !== undefined) {
      const prefixes = inclusivePrefixes(transform);
      if (prefixes === undefined) return undefined;
      canonical = true;
      how = { ...form, inclusivePrefixes: prefixes };
    } else if (algorithm === MADE.enveloped) {
      enveloped = true;
      without = new Set([...without, signature]);
    } else if (algorithm === XPATH && leavesSignaturesOut(transform)) {
      enveloped = true;
      without = new Set([...without, ...allSignatures(scene.alert)]);
    } else return undefined;
  }
  return how === undefined ? undefined : { how: { ...how, comments: false }, without, enveloped };
}

/** The one XPath filter that alerts carry: everything but signatures. */
function leavesSignaturesOut(transform: XmlElement): boolean {
  const xpath = childOf(transform, 'XPath', DSIG);
  return (
    xpath !== undefined &&
    /^not\(ancestor-or-self::[A-Za-z]+:Signature\)$/.test(textOf(xpath).replace(/\s+/g, ''))
  );
}

function allSignatures(element: XmlElement): XmlElement[] {
  return element.children
    .filter(isElement)
    .flatMap((child) =>
      child.local === 'Signature' && child.namespace === DSIG ? [child] : allSignatures(child),
    );
}

/**
 * The alert as it was when it was signed. A system that passes alerts on adds its signature behind the first (Canada's does), so
 * the signatures that came later, then all others, are set aside too: they hold no word of the alert, so nothing unsigned is let in.
 */
function alertFits(
  transforms: Transforms,
  signature: XmlElement,
  digest: Method,
  expected: string,
  scene: Scene,
): boolean | 'too-much' {
  const index = scene.signatures.indexOf(signature);
  const others = [
    new Set<XmlElement>(),
    new Set(scene.signatures.slice(index + 1)),
    new Set(scene.signatures),
  ];
  const tries = transforms.enveloped && scene.signatures.length > 1 ? others : others.slice(0, 1);
  for (const aside of tries) {
    const how = { ...transforms.how, without: new Set([...transforms.without, ...aside]) };
    const forms = scene.document === undefined ? [{ ...how, within: scene.alert }, how] : [how];
    for (const each of forms) {
      if (scene.formsLeft === 0) return 'too-much';
      scene.formsLeft -= 1;
      const text =
        scene.document === undefined
          ? canonicalXml(scene.alert, each)
          : canonicalDocument(scene.document, each);
      if (digestOf(digest, text) === expected) return true;
    }
  }
  return false;
}

/** Another part of the message, such as its KeyInfo. */
function partFits(
  target: XmlElement,
  { how, without }: Transforms,
  digest: Method,
  expected: string,
  scene: Scene,
): boolean | 'too-much' {
  if (scene.formsLeft === 0) return 'too-much';
  scene.formsLeft -= 1;
  if (!how.exclusive && inheritsXmlIdOrBase(target)) return false;
  return digestOf(digest, canonicalXml(target, { ...how, without })) === expected;
}
