import { type CapVersion, NAMESPACES } from '../model/alert.js';

/** A small alert of each version in which every element stands at least once. */
export function fullSample(version: CapVersion): string {
  const old = version === '1.0';
  const time = version === '1.2' ? '2026-11-21T09:30:00-00:00' : '2026-11-21T09:30:00.5Z';
  const pair = (name: string, key: string, value: string): string =>
    old
      ? `<${name}>${key}=${value}</${name}>`
      : `<${name}><valueName>${key}</valueName><value>${value}</value></${name}>`;
  const since11 = (text: string): string => (old ? '' : text);
  return (
    `<alert xmlns="${NAMESPACES[version]}"><identifier>FLOOD-1</identifier><sender>ea@example.org</sender><sent>${time}</sent>` +
    `<status>Exercise</status><msgType>Update</msgType>${old ? '<password>open</password>' : ''}<source>Ann</source>` +
    `<scope>Restricted</scope><restriction>crews</restriction><addresses>"control room" bob</addresses><code>one</code><code>two</code>` +
    `<note>exercise Steeping</note><references>${old ? 'FLOOD-0/ea@example.org' : `ea@example.org,FLOOD-0,${time}`}</references>` +
    `<incidents>"Storm Dennis" x</incidents><info><language>en-GB</language><category>Met</category><category>Safety</category>` +
    `<event>Flood</event>${since11('<responseType>Evacuate</responseType><responseType>Monitor</responseType>')}` +
    `<urgency>Immediate</urgency><severity>Severe</severity><certainty>${old ? 'Very Likely' : 'Observed'}</certainty>` +
    `<audience>all</audience>${pair('eventCode', 'SAME', 'FFW')}<effective>${time}</effective><onset>${time}</onset>` +
    `<expires>${time.replace('21T', '22T')}</expires><senderName>Environment Agency</senderName><headline>Flood at Wainfleet</headline>` +
    `<description>The Steeping is rising.</description><instruction>Go upstairs.</instruction><web>https://example.org/a?b=c#d</web>` +
    `<contact>0345 988 1188</contact>${pair('parameter', 'depth', '1 m')}<resource><resourceDesc>map</resourceDesc>` +
    `<mimeType>image/png</mimeType><size>3</size><uri>https://example.org/m.png</uri>${since11('<derefUri>AAAA</derefUri>')}` +
    `<digest>29e2dcfbb16f63bb0254df7585a15bb6fb5e927d</digest></resource><area><areaDesc>Wainfleet</areaDesc>` +
    `<polygon>53.1,0.2 53.2,0.2 53.2,0.3 53.1,0.2</polygon><polygon>53.3,0.2 53.4,0.2 53.4,0.3 53.3,0.2</polygon>` +
    `<circle>53.1,0.2 3</circle>${pair('geocode', 'ONS', 'E07000137')}<altitude>10</altitude><ceiling>90.5</ceiling></area></info></alert>`
  );
}
