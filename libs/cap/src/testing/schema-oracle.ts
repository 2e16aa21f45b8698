import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ParseOption, XmlDocument, XsdValidator } from 'libxml2-wasm';
import type { CapVersion } from '../model/alert.js';

/** What a real schema processor (libxml2) says about a document; undefined when it is not well-formed to it. */
export type Verdict = { readonly valid: boolean; readonly why: string } | undefined;

/** The official schemas in libxml2, or undefined when `REAL_INPUT_DIR` is not set: then the caller says so and skips. */
export function schemaOracle(): ((bytes: Uint8Array, version: CapVersion) => Verdict) | undefined {
  const folder = process.env['REAL_INPUT_DIR'];
  if (folder === undefined) return undefined;
  const load = (file: string): XsdValidator => {
    using schema = XmlDocument.fromBuffer(readFileSync(join(folder, 'cap/schema', file)));
    return XsdValidator.fromDoc(schema);
  };
  const validators: Readonly<Record<CapVersion, XsdValidator>> = {
    '1.0': load('cap10.xsd'),
    '1.1': load('cap11.xsd'),
    '1.2': load('cap12.xsd'),
  };
  return (bytes, version) => judge(bytes, validators[version]);
}

function judge(bytes: Uint8Array, validator: XsdValidator): Verdict {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(bytes, {
      option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_HUGE,
    });
  } catch {
    return undefined;
  }
  try {
    validator.validate(document);
    return { valid: true, why: '' };
  } catch (error) {
    return { valid: false, why: error instanceof Error ? error.message : String(error) };
  } finally {
    document.dispose();
  }
}
