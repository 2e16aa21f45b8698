import { createPrivateKey, type KeyObject } from 'node:crypto';
import { NotSigned, readCap, signCap, type SignOptions } from '../src/index.js';
import { certificatesIn } from './check.js';
import { print, readArguments, readInput, Usage } from './usage.js';

const SIGN = `cap sign --key KEY.pem [--cert CERT.pem] [--c14n exclusive|c14n-1.0|c14n-1.1] FILE

Prints the alert with an enveloped XML signature added (RSA-SHA256 or ECDSA-SHA256, by the key); no other byte changes.
Sign last, and store and serve exactly what is printed.

Example:
  npm run --silent cap -- sign --key key.pem --cert cert.pem alert.xml > signed.xml
`;
const VERIFY = `cap verify [--cert CERT.pem]… FILE

Prints one JSON line per alert with the verdict on each signature: valid, untrusted, weak, invalid or unsupported. The certificates
are trusted for whoever sent the alert; one that is an authority may have issued the signer's. Exits 0 when every alert has a
signature and all are valid, else 1.

Example:
  npm run --silent cap -- verify --cert cert.pem signed.xml
`;
const FORMS = ['exclusive', 'c14n-1.0', 'c14n-1.1'] as const;

/** `cap sign`. */
export function sign(args: readonly string[]): number {
  const { files, flags, values } = readArguments(args, SIGN, ['--help'], ['--key', '--cert', '--c14n']);
  if (flags.has('--help')) {
    print(SIGN);
    return 0;
  }
  const [file, ...more] = files;
  const [keyFile] = values.get('--key') ?? [];
  if (file === undefined || more.length > 0 || keyFile === undefined)
    throw new Usage(
      keyFile === undefined
        ? 'sign needs a private key: add --key KEY.pem (see cap sign --help)'
        : 'sign takes one file: name the alert to be signed (see cap sign --help)',
    );
  const [form = 'exclusive'] = values.get('--c14n') ?? [];
  const canonicalization = FORMS.find((each) => each === form);
  if (canonicalization === undefined) throw new Usage(`--c14n is one of ${FORMS.join(', ')}`, SIGN);
  const [certificate] = (values.get('--cert') ?? []).flatMap((each) => certificatesIn(each, SIGN));
  const options: SignOptions = {
    key: keyIn(keyFile),
    canonicalization,
    ...(certificate === undefined ? {} : { certificate }),
  };
  const bytes = readInput(file, SIGN);
  const { refused, alerts } = readCap(bytes);
  if (refused !== undefined || alerts.length !== 1)
    return failed(refused?.message ?? 'the file does not hold exactly one alert');
  try {
    print(signCap(bytes, options).toString('utf8'));
    return 0;
  } catch (error) {
    if (!(error instanceof NotSigned)) throw error;
    return failed(error.message);
  }
}

/** `cap verify`. */
export function verify(args: readonly string[]): number {
  const { files, flags, values } = readArguments(args, VERIFY, ['--help'], ['--cert']);
  if (flags.has('--help')) {
    print(VERIFY);
    return 0;
  }
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) throw new Usage('name one file', VERIFY);
  const certificates = (values.get('--cert') ?? []).flatMap((each) => certificatesIn(each, VERIFY));
  const trusted = { certificates, authorities: certificates.filter((each) => each.ca) };
  const bytes = readInput(file, VERIFY);
  const first = readCap(bytes);
  const senders = new Map(first.alerts.map(({ alert }) => [alert.sender, trusted]));
  const { refused, alerts } = readCap(bytes, { trust: { senders } });
  if (refused !== undefined) return failed(refused.message);
  for (const { alert, signatures } of alerts) {
    const { sender, identifier, sent } = alert;
    print(`${JSON.stringify({ sender, identifier, sent, signatures })}\n`);
  }
  const good = alerts.every(
    ({ signatures }) => signatures.length > 0 && signatures.every((each) => each.verdict === 'valid'),
  );
  return good && alerts.length > 0 ? 0 : 1;
}

function keyIn(file: string): KeyObject {
  try {
    return createPrivateKey(readInput(file, SIGN));
  } catch (error) {
    if (error instanceof Usage) throw error;
    throw new Usage(
      `${file} holds no private key that can be read without a password: name a PEM file with one by --key`,
    );
  }
}

function failed(why: string): number {
  process.stderr.write(`cap: ${why}\n`);
  return 1;
}
