import { createHash } from 'node:crypto';
import type { Info, Resource } from '../model/alert.js';
import { type Findings, nth } from './finding.js';

const mimeType = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9*][\w!#$&^.+-]*(?:\s*;[^\r\n]*)?$/i;
const absolute = /^[a-z][a-z0-9+.-]*:\S/i;

/** Check 16 over the files of one info block. Nothing is ever fetched. */
export function checkResources({ resources }: Info, path: string, findings: Findings): void {
  resources.forEach((resource, index) => {
    const at = nth(`${path}/resource`, index, resources.length);
    const { uri, derefUri, size } = resource;
    if (!mimeType.test(resource.mimeType)) {
      findings.add(
        'mime-type',
        `${at}/mimeType`,
        `"${resource.mimeType.slice(0, 40)}" is not a media type such as image/png.`,
      );
    }
    if (uri !== undefined && !absolute.test(uri) && derefUri === undefined) {
      findings.add(
        'uri-relative',
        `${at}/uri`,
        `"${uri.slice(0, 60)}" is not a full address, and the file itself is not here.`,
      );
    }
    if (size !== undefined && size < 0) findings.add('size-wrong', `${at}/size`, 'The size is below zero.');
    if (derefUri !== undefined) checkAttachment(resource, derefUri, at, findings);
  });
}

function checkAttachment(resource: Resource, derefUri: string, path: string, findings: Findings): void {
  const packed = derefUri.replace(/[\t\n\r ]+/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    findings.add(
      'attachment-broken',
      `${path}/derefUri`,
      'The file inside is not base64, so it cannot be opened.',
    );
    return;
  }
  const file = Buffer.from(packed, 'base64');
  if (resource.size !== undefined && resource.size !== file.length) {
    findings.add(
      'size-wrong',
      `${path}/size`,
      `The size says ${resource.size} bytes and the file has ${file.length}.`,
    );
  }
  // §3.2.3: SHA-1 over the file, in hex; some write SHA-256.
  const digest = resource.digest?.toLowerCase();
  const hashes =
    digest === undefined ? [] : ['sha1', 'sha256'].map((name) => createHash(name).update(file).digest('hex'));
  if (digest !== undefined && digest !== '' && !hashes.includes(digest)) {
    findings.add(
      'digest-wrong',
      `${path}/digest`,
      'The digest is not that of the file inside: it was changed or cut off.',
    );
  }
}
