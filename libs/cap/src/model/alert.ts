/** The versions of CAP that are read; everything is raised to the words of 1.2 and written as 1.2. */
export type CapVersion = '1.0' | '1.1' | '1.2';

/** One earlier message that an alert names: matched by sender, identifier and the instant, never by the text of `sent`. */
export type Reference = { readonly sender: string; readonly identifier: string; readonly sent: string };

/** A name and a value: `eventCode`, `parameter` and `geocode` (CAP 1.2 §3.2.2, §3.2.4). */
export type NamedValue = { readonly valueName: string; readonly value: string };

/** WGS 84 latitude, longitude in degrees: the order in which CAP writes them (CAP 1.2 §3.3.3). GeoJSON's is the other one. */
export type LatLon = readonly [latitude: number, longitude: number];

/** A centre and a radius in kilometres. */
export type Circle = { readonly centre: LatLon; readonly radiusKm: number };

/** A polygon or circle that could not be read: what it was meant to be, its text as written, and why. */
export type BrokenShape = {
  readonly shape: 'polygon' | 'circle';
  readonly text: string;
  readonly wrong: string;
};

/** Where the hazard is: the union of all polygons, circles and geocodes (CAP 1.2 §3.2.4). */
export type Area = {
  readonly areaDesc: string;
  /** As written: not closed, not turned, not repaired. */
  readonly polygons: readonly (readonly LatLon[])[];
  readonly circles: readonly Circle[];
  /** While there is one, the area has no geometry: it refuses, it never widens or shrinks. */
  readonly broken: readonly BrokenShape[];
  readonly geocodes: readonly NamedValue[];
  /** Feet above mean sea level. */
  readonly altitude?: number;
  readonly ceiling?: number;
};

/** A file that belongs to the alert. */
export type Resource = {
  readonly resourceDesc: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size?: number;
  readonly uri?: string;
  /** Base64 of the file itself. */
  readonly derefUri?: string;
  /** SHA-1 in hex. */
  readonly digest?: string;
};

/** What is told in one language. Enumerated words are kept as written, so that a wrong one can be shown: the findings name it. */
export type Info = {
  /** RFC 3066; `en-US` when the alert does not say (CAP 1.2 §3.2.2). */
  readonly language: string;
  readonly categories: readonly string[];
  readonly event: string;
  readonly responseTypes: readonly string[];
  readonly urgency: string;
  readonly severity: string;
  readonly certainty: string;
  readonly audience?: string;
  readonly eventCodes: readonly NamedValue[];
  /** Date-times are kept as written; `instantOf` gives the moment. */
  readonly effective?: string;
  readonly onset?: string;
  readonly expires?: string;
  readonly senderName?: string;
  readonly headline?: string;
  readonly description?: string;
  readonly instruction?: string;
  readonly web?: string;
  readonly contact?: string;
  readonly parameters: readonly NamedValue[];
  readonly resources: readonly Resource[];
  readonly areas: readonly Area[];
};

/** Something in the alert that no version of CAP names, kept as canonical XML with the path of where it stood. */
export type UnknownContent = { readonly path: string; readonly xml: string };

/** One CAP message in the words of CAP 1.2, whatever version it came in. Missing required texts are empty strings. */
export type Alert = {
  readonly version: CapVersion;
  readonly identifier: string;
  readonly sender: string;
  /** As written. */
  readonly sent: string;
  readonly status: string;
  /** Only `Alert`, `Update`, `Cancel`, `Ack` and `Error` mean anything; anything else is never treated as an alert. */
  readonly msgType: string;
  readonly source?: string;
  readonly scope: string;
  readonly restriction?: string;
  readonly addresses: readonly string[];
  readonly codes: readonly string[];
  readonly note?: string;
  readonly references: readonly Reference[];
  /** Parts of `references` that name no message, as written. */
  readonly brokenReferences: readonly string[];
  readonly incidents: readonly string[];
  readonly infos: readonly Info[];
  readonly unknown: readonly UnknownContent[];
};

/** The enumerations of CAP 1.2 §3.2. */
export const WORDS = {
  status: ['Actual', 'Exercise', 'System', 'Test', 'Draft'],
  msgType: ['Alert', 'Update', 'Cancel', 'Ack', 'Error'],
  scope: ['Public', 'Restricted', 'Private'],
  category: [
    'Geo',
    'Met',
    'Safety',
    'Security',
    'Rescue',
    'Fire',
    'Health',
    'Env',
    'Transport',
    'Infra',
    'CBRNE',
    'Other',
  ],
  responseType: [
    'Shelter',
    'Evacuate',
    'Prepare',
    'Execute',
    'Avoid',
    'Monitor',
    'Assess',
    'AllClear',
    'None',
  ],
  urgency: ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'],
  severity: ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'],
  certainty: ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'],
} as const satisfies Record<string, readonly string[]>;

/** The namespace of each version. */
export const NAMESPACES: Readonly<Record<CapVersion, string>> = {
  '1.0': 'http://www.incident.com/cap/1.0',
  '1.1': 'urn:oasis:names:tc:emergency:cap:1.1',
  '1.2': 'urn:oasis:names:tc:emergency:cap:1.2',
};

/** The version whose namespace this is, exactly; undefined for any other text. */
export function versionOf(namespace: string): CapVersion | undefined {
  return (['1.2', '1.1', '1.0'] as const).find((version) => NAMESPACES[version] === namespace);
}
