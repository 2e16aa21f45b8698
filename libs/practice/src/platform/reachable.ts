import { lookup } from 'node:dns/promises';
import { BlockList } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

// RFC 1918 and RFC 4193: what a private network of containers uses.
const privateNetwork = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  privateNetwork.addSubnet(net, bits, 'ipv4');
privateNetwork.addSubnet('fc00::', 7, 'ipv6');

/**
 * The address to connect to for a host name, checked after it was looked up: loopback, or with `alsoPrivate` an
 * address of a private network. Throws for everything else: the practice world never reaches the public.
 */
export async function reachable(host: string, alsoPrivate: boolean): Promise<string> {
  const { address, family } = await lookup(host);
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  if (loopback.check(address, kind) || (alsoPrivate && privateNetwork.check(address, kind))) return address;
  throw new Error(`the practice world does not connect to ${host}: it is not on this machine`);
}
