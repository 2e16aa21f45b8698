export { KeptWorld } from './kept-world.js';
export { SmtpDialogue } from './smtp-dialogue.js';
export { SmppPeer, type PeerPdu } from './smpp-peer.js';
