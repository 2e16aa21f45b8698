/** Octets of a PDU's header: length, command, status, sequence (SMPP 3.4 §3.2). */
export const HEADER_OCTETS = 16;
/** Longest PDU that we read. A message_payload may hold 64 KiB (SMPP 3.4 §5.3.2.32); anything longer is a broken link. */
export const MOST_OCTETS = 65_536;
/** Highest sequence number; after it the count begins at 1 again (SMPP 3.4 §5.1.4). */
export const LAST_SEQUENCE = 0x7fff_ffff;
/** The version that we speak: 3.4 (SMPP 3.4 §5.2.4). */
export const INTERFACE_VERSION = 0x34;

/** A C-octet string with its greatest length including the closing zero, one octet, or `sm_length` and its octets. */
type Field = { name: string; kind: 'text'; most: number } | { name: string; kind: 'octet' | 'message' };

const text = <Name extends string>(name: Name, most: number) => ({ name, kind: 'text', most }) as const;
const octet = <Name extends string>(name: Name) => ({ name, kind: 'octet' }) as const;

const bind = [
  text('systemId', 16),
  text('password', 9),
  text('systemType', 13),
  octet('interfaceVersion'),
  octet('addrTon'),
  octet('addrNpi'),
  text('addressRange', 41),
] as const;
const bindResp = [text('systemId', 16)] as const;
const source = [octet('sourceTon'), octet('sourceNpi'), text('source', 21)] as const;
const destination = [octet('destinationTon'), octet('destinationNpi'), text('destination', 21)] as const;
const message = [
  text('serviceType', 6),
  ...source,
  ...destination,
  octet('esmClass'),
  octet('protocolId'),
  octet('priority'),
  text('scheduleAt', 17),
  text('validityPeriod', 17),
  octet('registeredDelivery'),
  octet('replaceIfPresent'),
  octet('dataCoding'),
  octet('defaultMessageId'),
  { name: 'message', kind: 'message' },
] as const;
const messageResp = [text('messageId', 65)] as const;
const nothing = [] as const;

/** Every command that we speak: its id and its mandatory fields in their order on the wire (SMPP 3.4 §4, §5.1.2.1). */
export const COMMANDS = {
  bind_receiver: { id: 0x0000_0001, fields: bind },
  bind_receiver_resp: { id: 0x8000_0001, fields: bindResp },
  bind_transmitter: { id: 0x0000_0002, fields: bind },
  bind_transmitter_resp: { id: 0x8000_0002, fields: bindResp },
  query_sm: { id: 0x0000_0003, fields: [text('messageId', 65), ...source] },
  query_sm_resp: {
    id: 0x8000_0003,
    fields: [text('messageId', 65), text('finalDate', 17), octet('messageState'), octet('errorCode')],
  },
  submit_sm: { id: 0x0000_0004, fields: message },
  submit_sm_resp: { id: 0x8000_0004, fields: messageResp },
  deliver_sm: { id: 0x0000_0005, fields: message },
  deliver_sm_resp: { id: 0x8000_0005, fields: messageResp },
  unbind: { id: 0x0000_0006, fields: nothing },
  unbind_resp: { id: 0x8000_0006, fields: nothing },
  bind_transceiver: { id: 0x0000_0009, fields: bind },
  bind_transceiver_resp: { id: 0x8000_0009, fields: bindResp },
  outbind: { id: 0x0000_000b, fields: [text('systemId', 16), text('password', 9)] },
  enquire_link: { id: 0x0000_0015, fields: nothing },
  enquire_link_resp: { id: 0x8000_0015, fields: nothing },
  alert_notification: {
    id: 0x0000_0102,
    fields: [...source, octet('esmeTon'), octet('esmeNpi'), text('esme', 65)],
  },
  data_sm: {
    id: 0x0000_0103,
    fields: [
      text('serviceType', 6),
      ...source,
      ...destination,
      octet('esmClass'),
      octet('registeredDelivery'),
      octet('dataCoding'),
    ],
  },
  data_sm_resp: { id: 0x8000_0103, fields: messageResp },
  generic_nack: { id: 0x8000_0000, fields: nothing },
} as const satisfies Record<string, { id: number; fields: readonly Field[] }>;

export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];

type ValueOf<F extends Field> = F['kind'] extends 'text'
  ? string
  : F['kind'] extends 'octet'
    ? number
    : Uint8Array;
type FieldsOf<T extends readonly Field[]> = { -readonly [F in T[number] as F['name']]: ValueOf<F> };

/** Optional parameters by tag, as they stood on the wire (SMPP 3.4 §5.3). Tags that we do not know are kept. */
export type Tlvs = ReadonlyMap<number, Uint8Array>;

/** One message of the protocol, `status` 0 in requests (SMPP 3.4 §5.1.3). */
export type PduOf<Name extends CommandName> = {
  command: Name;
  status: number;
  sequence: number;
  tlvs: Tlvs;
} & FieldsOf<(typeof COMMANDS)[Name]['fields']>;
export type Pdu = { [Name in CommandName]: PduOf<Name> }[CommandName];

/** Optional parameters that we read or write (SMPP 3.4 §5.3.2). */
export const TLV = {
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarNumber: 0x020f,
  interfaceVersion: 0x0210,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

/** The command statuses that we give or decide by (SMPP 3.4 §5.1.3). */
export const STATUS = {
  ok: 0x00,
  badMessageLength: 0x01,
  badCommandLength: 0x02,
  badCommand: 0x03,
  notBound: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  bindFailed: 0x0d,
  badPassword: 0x0e,
  badSystemId: 0x0f,
  queueFull: 0x14,
  throttled: 0x58,
  temporaryReceiverError: 0x64,
} as const;
