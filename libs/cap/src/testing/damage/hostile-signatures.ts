/** A document made to hurt, and what becomes of it: refused with a code, or the findings that it gets. */
export type Hostile = {
  readonly name: string;
  readonly text: () => string;
  readonly refused?: string;
  readonly finds?: string;
};

/** The namespace of CAP 1.2. */
export const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('');

/** A signature that needs its canonical form, a key and a digest before it can be told to be wrong. */
const signature = (canonicalization: string, list = ''): string =>
  `<s:Signature><s:SignedInfo><s:CanonicalizationMethod Algorithm="${canonicalization}">${list}</s:CanonicalizationMethod>` +
  `<s:SignatureMethod Algorithm="${DSIG}rsa-sha1"/><s:Reference URI=""><s:DigestMethod Algorithm="${DSIG}sha1"/><s:DigestValue>AAAA</s:DigestValue>` +
  `</s:Reference></s:SignedInfo><s:SignatureValue>AAAA</s:SignatureValue><s:KeyInfo><s:KeyValue><s:RSAKeyValue><s:Modulus>` +
  `${Buffer.alloc(128, 200).toString('base64')}</s:Modulus><s:Exponent>AQAB</s:Exponent></s:RSAKeyValue></s:KeyValue></s:KeyInfo></s:Signature>`;
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const lent = times(28, (i) => `xmlns:p${i}="u${i}" `);
const prefixes = times(28, (i) => `p${i} `);
const open = `<c:alert xmlns:c="${CAP}" xmlns:s="${DSIG}"`;

/** Alerts whose canonical form takes as long as can be had from so many bytes. */
export const SIGNED: readonly Hostile[] = [
  {
    name: 'ten signatures over 10,000 elements with a namespace each',
    finds: 'limit',
    text: () =>
      `${open} ${lent}>${'<a xmlns:b="u"/>'.repeat(10_000)}${signature(INCLUSIVE).repeat(10)}</c:alert>`,
  },
  {
    name: 'the same in the exclusive form with a list of prefixes',
    finds: 'limit',
    text: () => {
      const listed = signature(EXCLUSIVE, `<InclusiveNamespaces PrefixList="${prefixes}"/>`);
      return `${open} ${lent}>${'<a xmlns:b="u"/>'.repeat(10_000)}${listed.repeat(10)}</c:alert>`;
    },
  },
  {
    name: 'a list of 20,000 prefixes',
    finds: 'signature-unverified',
    text: () => {
      const list = times(20_000, (i) => `p${i} `);
      return `${open}>${signature(EXCLUSIVE, `<InclusiveNamespaces PrefixList="${list}"/>`)}</c:alert>`;
    },
  },
  {
    name: 'eight signatures over 14,000 attributes in bad order',
    finds: 'signature-invalid',
    text: () => {
      const attributes = times(240, (i) => `b${(i * 91) % 240}="" `);
      return `${open}>${`<a ${attributes}/>`.repeat(60)}${signature(INCLUSIVE).repeat(8)}</c:alert>`;
    },
  },
  {
    name: '1,000 signed alerts, to all of which their feed lends 28 namespaces',
    finds: 'signature-invalid',
    text: () =>
      `<f ${lent} xmlns:c="${CAP}" xmlns:s="${DSIG}">${`<c:alert>${signature(INCLUSIVE)}</c:alert>`.repeat(1_000)}</f>`,
  },
];
