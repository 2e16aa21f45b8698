import { REFUSES_THE_SENDER } from '../smtp/refused-whom.js';

/** What the words of a bounce say where it has no code, or a code that says nothing. */
export type InWords = 'hard' | 'full' | 'policy' | 'soft';

/** Looked for in this order, as mail servers of the last thirty years write them. A table, so that a new one is one line. */
const WORDS: readonly (readonly [InWords, RegExp])[] = [
  ['policy', REFUSES_THE_SENDER], // "Sender address rejected: User unknown": it is we who are unknown
  [
    'full',
    /mailbox (is )?full|mail ?box .{0,40}(full|exceeded)|over ?quota|quota (is )?exceed|exceeded .{0,30}(quota|storage|space)|insufficient (disk|system) (space|storage)|too much mail data|disk quota/i,
  ],
  [
    'hard',
    /user unknown|unknown user|no such (user|mailbox|recipient|person|address|account)|(user|account|address|recipient|mailbox)[^.\n]{0,60}(does ?n[o']t|did not|do not) exist|(user|recipient|address|mailbox|account) (is )?(not found|unknown|unavailable|invalid)|invalid (user|recipient|mailbox|address)|unknown (recipient|address|account|local)|unrouteable|no mailbox here by that name|not a (valid|known) (user|mailbox|recipient)|recipient .{0,20}not found|host (or domain name )?(unknown|not found)|unknown host|domain (name )?(not found|does not exist)|no such domain|undeliverable address|address unknown|user not exist|[a-z0-9-]\.[a-z]{2,} does not exist|domain is not reachable|isn't in my control|doesn't have (a|an) .{0,30}account|no account by that name|have any .{0,20}mailbox/i,
  ],
  [
    'policy',
    /spam|\bblocked|black ?list|block ?list|\bdnsbl\b|\brbl\b|reputation|banned|policy|virus|dmarc|\bspf\b|\bdkim\b|not authori[sz]ed|access denied|relay(ing)? (access )?denied|unauthenticated|reverse dns|\bptr\b|rejected .{0,20}content/i,
  ],
  [
    'soft',
    /timed? ?out|temporar|try again|deferred|retry|too (large|big)|size (limit|exceed)|loop|not respond|connection (refused|reset)|expired|delivery (has )?failed|undeliverable|returned mail|could ?n[o']t be delivered|disabled|suspended|inactive/i,
  ],
];

/** What the words say; undefined when they say nothing that we know. */
export function reasonInText(text: string): InWords | undefined {
  const looked = text.slice(0, 20_000);
  return WORDS.find(([, words]) => words.test(looked))?.[0];
}
