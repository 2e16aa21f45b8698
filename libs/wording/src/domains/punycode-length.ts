/** RFC 3492 §5: the parameters of Punycode for domain names. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 0x80;
/** RFC 1035 §2.3.4: octets of one label. Nothing longer is worth encoding. */
const MAX_LABEL = 63;

function adapt(delta: number, points: number, first: boolean): number {
  let rest = first ? Math.floor(delta / DAMP) : delta >> 1;
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return Math.floor(k + ((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

/** Digits of one variable-length integer under the present bias (RFC 3492 §6.3). */
function digits(value: number, bias: number): number {
  let count = 1;
  for (let q = value, k = BASE; ; k += BASE, count += 1) {
    const t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
    if (q < t) return count;
    q = Math.floor((q - t) / (BASE - t));
  }
}

/**
 * Octets of a domain label as DNS carries it: itself when ASCII, else `xn--` and its Punycode. Labels that are surely
 * over 63 octets are answered with their own length, unencoded.
 */
export function labelOctets(label: string): number {
  if (/^[\0-\x7f]*$/.test(label) || label.length > 2 * MAX_LABEL) return label.length;
  const points = Array.from(label, (character) => character.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < INITIAL_N).length;
  let length = basic + (basic > 0 ? 1 : 0);
  let n = INITIAL_N;
  let delta = 0;
  let bias = INITIAL_BIAS;
  for (let handled = basic; handled < points.length; n += 1, delta += 1) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta += 1;
      if (point !== n) continue;
      length += digits(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled += 1;
    }
  }
  return 'xn--'.length + length;
}
