import type { Alert, Info, Reference } from '../model/alert.js';
import { instantOf } from '../model/instant.js';
import { type MsgType, msgTypeOf } from '../reading/read-alert.js';

/** `live` and `superseded`, `cancelled` are said of Alerts and Updates; Cancel, Ack, Error and unknown types are a `notice`. */
export type MessageState = 'live' | 'superseded' | 'cancelled' | 'notice';

/** One message of a thread. */
export type ThreadMessage = {
  readonly alert: Alert;
  readonly msgType: MsgType | 'unknown';
  readonly state: MessageState;
  /** How often it came: the same alert from two feeds is one message. */
  readonly copies: number;
  /** Came more than once under the same name with different words: a person must look. */
  readonly differs: boolean;
};

/** Messages that belong together, however they arrived: by sent, sender, identifier. */
export type Thread = {
  readonly messages: readonly ThreadMessage[];
  /** What is in force now; several when nothing says which replaces which. */
  readonly live: readonly Alert[];
  /** Named by a message and not here. */
  readonly missing: readonly Reference[];
  /** Updates and Cancels by another sender than that of what they name: shown, never acted on. */
  readonly claims: readonly Alert[];
};

/**
 * Whether two texts name one message: sender, identifier and instant (never the text of `sent`). A CAP 1.0 reference has no time,
 * and some of the field's have none that can be read: these are the same by sender and identifier.
 */
export function isSameMessage(a: Reference, b: Reference): boolean {
  if (a.sender !== b.sender || a.identifier !== b.identifier) return false;
  if (a.sent === b.sent) return true;
  const [one, other] = [instantOf(a.sent), instantOf(b.sent)];
  return one === undefined || other === undefined || one === other;
}

const nameOf = (reference: Reference): string => `${reference.sender}\n${reference.identifier}`;
const order = (a: Alert, b: Alert): number =>
  (instantOf(a.sent) ?? 0) - (instantOf(b.sent) ?? 0) ||
  compare(a.sender, b.sender) ||
  compare(a.identifier, b.identifier);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Puts messages into threads. Pure, and the same whatever order they are given in: a message's state follows from what names it.
 * An Update supersedes and a Cancel cancels what it names, if it comes from the same sender and was not sent earlier.
 */
export function threadsOf(alerts: readonly Alert[]): Thread[] {
  const nodes = distinct(alerts);
  const byName = new Map<string, Node[]>();
  for (const node of nodes) byName.set(nameOf(node.alert), [...(byName.get(nameOf(node.alert)) ?? []), node]);
  const absent = new Map<string, Node>();
  const untimed: (readonly [Node, readonly Node[]])[] = [];
  for (const node of nodes) {
    for (const reference of node.alert.references) {
      const found = (byName.get(nameOf(reference)) ?? []).filter(
        (each) => each !== node && isSameMessage(each.alert, reference),
      );
      if (found.length === 0) {
        node.missing.push(reference);
        // Messages that name the same absent one belong together, as they will once it arrives.
        const twin = absent.get(nameOf(reference));
        if (twin === undefined) absent.set(nameOf(reference), node);
        else join(node, twin);
      }
      if (found.length > 1) untimed.push([node, found]);
      else for (const target of found) link(node, target);
    }
  }
  // A reference without a time, and several messages of that name: judged when it is known what the others ended.
  for (const [node, found] of untimed) linkTheOne(node, found);
  const groups = new Map<Node, Node[]>();
  for (const node of nodes) groups.set(top(node), [...(groups.get(top(node)) ?? []), node]);
  return [...groups.values()].map(toThread);
}

type Node = {
  readonly alert: Alert;
  readonly type: MsgType | 'unknown';
  readonly texts: Set<string>;
  copies: number;
  parent: Node | undefined;
  superseded: boolean;
  cancelled: boolean;
  claims: boolean;
  readonly missing: Reference[];
};

function distinct(alerts: readonly Alert[]): Node[] {
  const nodes = new Map<string, Node>();
  for (const alert of alerts.toSorted(
    (a, b) => order(a, b) || compare(JSON.stringify(a), JSON.stringify(b)),
  )) {
    const key = `${nameOf(alert)}\n${instantOf(alert.sent) ?? alert.sent}`;
    const same = nodes.get(key);
    const text = JSON.stringify({ ...alert, version: '', sent: '' });
    if (same !== undefined) {
      same.copies += 1;
      same.texts.add(text);
      continue;
    }
    const type = msgTypeOf(alert) ?? 'unknown';
    const flags = { copies: 1, parent: undefined, superseded: false, cancelled: false, claims: false };
    nodes.set(key, { alert, type, texts: new Set([text]), ...flags, missing: [] });
  }
  return [...nodes.values()];
}

/** Of several messages that a reference may mean, it means the one that is still live. Were there two, it would be a guess. */
function linkTheOne(node: Node, found: readonly Node[]): void {
  for (const each of found) join(node, each);
  const [one, ...others] = found.filter(
    (each) => stateOf(each) === 'live' && order(each.alert, node.alert) < 0,
  );
  if (one !== undefined && others.length === 0) link(node, one);
}

function join(node: Node, target: Node): void {
  const [one, other] = [top(node), top(target)];
  if (one !== other) one.parent = other;
}

function link(node: Node, target: Node): void {
  join(node, target);
  if (node.type !== 'Update' && node.type !== 'Cancel') return;
  if (node.alert.sender !== target.alert.sender) node.claims = true;
  else if (order(target.alert, node.alert) < 0) {
    if (node.type === 'Cancel') target.cancelled = true;
    else target.superseded = true;
  }
}

function top(node: Node): Node {
  let at = node;
  while (at.parent !== undefined) {
    // Halves the way each time, so that a chain of updates stays cheap to walk.
    if (at.parent.parent !== undefined) at.parent = at.parent.parent;
    at = at.parent;
  }
  return at;
}

function toThread(nodes: readonly Node[]): Thread {
  const sorted = nodes.toSorted((a, b) => order(a.alert, b.alert));
  const messages = sorted.map((node): ThreadMessage => ({
    alert: node.alert,
    msgType: node.type,
    state: stateOf(node),
    copies: node.copies,
    differs: node.texts.size > 1,
  }));
  const missing = new Map(
    sorted
      .flatMap((node) => node.missing)
      .map((each) => [`${nameOf(each)}\n${instantOf(each.sent) ?? each.sent}`, each]),
  );
  return {
    messages,
    live: messages.filter((each) => each.state === 'live').map((each) => each.alert),
    missing: [...missing.values()],
    claims: sorted.filter((node) => node.claims).map((node) => node.alert),
  };
}

function stateOf(node: Node): MessageState {
  if (node.type !== 'Alert' && node.type !== 'Update') return 'notice';
  // A cancel wins over an update, whichever came first.
  return node.cancelled ? 'cancelled' : node.superseded ? 'superseded' : 'live';
}

/** What an Update or Cancel acts on. Never a guess: where several are meant, a person chooses. */
export type ActsOn =
  | { readonly kind: 'one'; readonly alert: Alert }
  | { readonly kind: 'choices'; readonly alerts: readonly Alert[] }
  | { readonly kind: 'none'; readonly missing: readonly Reference[] };

/**
 * Which of the `known` messages a new Update or Cancel is about: those that it names and that are live; one that was superseded
 * stands for what superseded it. Only messages of the same sender count.
 */
export function actsOn(message: Alert, known: readonly Alert[]): ActsOn {
  const threads = threadsOf(known);
  const missing: Reference[] = [];
  const found = new Set<Alert>();
  for (const reference of message.references) {
    let known = false;
    for (const { messages, live } of threads) {
      for (const { alert, state } of messages) {
        if (!isSameMessage(alert, reference)) continue;
        known = true;
        if (state === 'live') found.add(alert);
        else if (state === 'superseded') for (const each of live) found.add(each);
      }
    }
    if (!known) missing.push(reference);
  }
  const alerts = [...found].filter((each) => each.sender === message.sender).toSorted(order);
  const [first] = alerts;
  if (first === undefined) return { kind: 'none', missing };
  return alerts.length === 1 ? { kind: 'one', alert: first } : { kind: 'choices', alerts };
}

/** What to show for a message: its own info blocks, or for a Cancel without any, those of what it cancels. */
export function infosToShow(message: Alert, known: readonly Alert[]): readonly Info[] {
  if (message.infos.length > 0) return message.infos;
  const named = known.filter((each) =>
    message.references.some((reference) => isSameMessage(each, reference)),
  );
  return named.toSorted(order).flatMap((each) => each.infos);
}
