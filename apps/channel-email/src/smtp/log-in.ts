import { asText, type Reply } from './replies.js';
import { LinkLost, type Wire } from './wire.js';

/** The relay answered, and does not let us in: nobody's mail was touched, and trying it with the next mail is no use. */
export class NotLetIn extends Error {
  override readonly name = 'NotLetIn';

  constructor(
    message: string,
    readonly reply: Reply,
  ) {
    super(`${message}: ${asText(reply)}`);
  }
}

/** Words in EHLO by their names, with their parameters. */
export type Words = ReadonlyMap<string, string>;

/** Who we are to the relay. */
export type Login = { user: string; password: string };

/** Logs in by PLAIN (RFC 4616) or LOGIN, whichever is offered. Throws `NotLetIn` when it is refused; never says the password in an error. */
export async function logIn(wire: Wire, words: Words, { user, password }: Login): Promise<void> {
  const ways = (words.get('AUTH') ?? '').split(' ');
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  if (ways.includes('PLAIN')) {
    expectCode(await wire.ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`), 235, 'log-in refused'); // RFC 4616
  } else if (ways.includes('LOGIN')) {
    expectCode(await wire.ask('AUTH LOGIN'), 334, 'log-in refused');
    expectCode(await wire.ask(base64(user)), 334, 'log-in refused');
    expectCode(await wire.ask(base64(password)), 235, 'log-in refused');
  } else {
    throw new LinkLost('the relay offers no log-in that we know (PLAIN, LOGIN)');
  }
}

/** Throws `NotLetIn` for a refusal, and `LinkLost` for any other answer than this. */
export function expectCode(reply: Reply, code: number, what: string): void {
  if (reply.code === code) return;
  if (reply.code >= 400) throw new NotLetIn(what, reply);
  throw new LinkLost(`${what}: it answered ${asText(reply)}`, reply);
}
