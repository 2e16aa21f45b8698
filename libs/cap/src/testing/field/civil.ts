import type { FieldSample } from './field-sample.js';

/** Alerts as civil protection, geological services and police write them: our own words in their forms. */
export const CIVIL: readonly FieldSample[] = [
  {
    name: 'one reference packed with three identifiers, no expiry, no shape (Germany, MoWaS)',
    version: '1.2',
    valid: true,
    finds: ['references-packed', 'expires-missing', 'markup', 'no-geometry'],
    who: ['DE-NW-DU-SE030', 'DE-NW-DU-SE030-20261121-30-003'],
    text: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>DE-NW-DU-SE030-20261121-30-003</identifier>
  <sender>DE-NW-DU-SE030</sender>
  <sent>2026-11-21T10:30:00+01:00</sent>
  <status>Actual</status>
  <msgType>Update</msgType>
  <scope>Public</scope>
  <code>DVN:1</code>
  <references>DE-NW-DU-SE030,DE-NW-DU-SE030-20261121-30-000 DE-NW-DU-SE030-20261121-30-001 DE-NW-DU-SE030-20261121-30-002,2026-11-21T09:30:00+01:00</references>
  <info>
    <language>de</language>
    <category>Safety</category>
    <event>Gefahreninformation</event>
    <urgency>Immediate</urgency>
    <severity>Minor</severity>
    <certainty>Observed</certainty>
    <headline>Rauchentwicklung in Duisburg</headline>
    <description>Im Hafen brennt es.&lt;br/&gt;Halten Sie Fenster geschlossen.</description>
    <instruction>Fenster und Türen schließen.</instruction>
    <parameter>
      <valueName>sender_langname</valueName>
      <value>Leitstelle Duisburg</value>
    </parameter>
    <area>
      <areaDesc>Stadt Duisburg</areaDesc>
      <geocode>
        <valueName>AreaId</valueName>
        <value>0</value>
      </geocode>
    </area>
  </info>
</alert>`,
  },
  {
    name: 'a cancel with an empty code, CDATA in the event, and the time of its reference in another form (England)',
    version: '1.2',
    valid: true,
    finds: ['cancel-keeps-urgency', 'code-empty'],
    who: ['www.gov.uk/environment-agency', '2bd4be6e'],
    text: `<?xml version="1.0" encoding="utf-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>2bd4be6e</identifier>
  <sender>www.gov.uk/environment-agency</sender>
  <sent>2026-11-21T19:30:00-00:00</sent>
  <status>Actual</status>
  <msgType>Cancel</msgType>
  <source>Flood warning service</source>
  <scope>Public</scope>
  <code></code>
  <references>www.gov.uk/environment-agency,4f6d28b1,2026-11-21T09:30:00+00:00</references>
  <info>
    <language>en-GB</language>
    <category>Met</category>
    <event><![CDATA[064 Remove Severe Flood Warning EA]]></event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <expires>2026-12-01T19:30:00-00:00</expires>
    <senderName>Environment Agency</senderName>
    <description>The river has fallen.</description>
    <web>https://flood-warning-information.service.gov.uk</web>
    <contact>0345 988 1188</contact>
    <area>
      <areaDesc>River Steeping in Wainfleet All Saints</areaDesc>
      <polygon>53.10569,0.24453 53.10593,0.24430 53.10601,0.24375 53.10569,0.24453</polygon>
      <geocode>
        <valueName>TargetAreaCode</valueName>
        <value><![CDATA[053FWFSTEEP4]]></value>
      </geocode>
    </area>
  </info>
</alert>`,
  },
  {
    name: 'an Update that withdraws by its words, a circle of radius 0, every name with a prefix (NOAA, tsunami)',
    version: '1.2',
    valid: true,
    finds: ['msgtype-withdraws', 'circle-radius'],
    who: ['ntwc@example.gov', 'PAAQ-1-mg5a94'],
    text: `<?xml version="1.0" encoding="UTF-8"?>
<ns2:alert xmlns:ns2="urn:oasis:names:tc:emergency:cap:1.2" xmlns:ns3="http://example.org/unused">
    <ns2:identifier>PAAQ-1-mg5a94</ns2:identifier>
    <ns2:sender>ntwc@example.gov</ns2:sender>
    <ns2:sent>2026-11-21T09:30:00-00:00</ns2:sent>
    <ns2:status>Actual</ns2:status>
    <ns2:msgType>Update</ns2:msgType>
    <ns2:source>NTWC</ns2:source>
    <ns2:scope>Public</ns2:scope>
    <ns2:code>IPAWSv1.0</ns2:code>
    <ns2:references>ntwc@example.gov,PAAQ-1-mg5a93,2026-11-21T08:30:00-00:00</ns2:references>
    <ns2:incidents>mg5a94</ns2:incidents>
    <ns2:info>
        <ns2:language>en-US</ns2:language>
        <ns2:category>Geo</ns2:category>
        <ns2:event>Tsunami Cancellation</ns2:event>
        <ns2:responseType>None</ns2:responseType>
        <ns2:urgency>Past</ns2:urgency>
        <ns2:severity>Unknown</ns2:severity>
        <ns2:certainty>Unlikely</ns2:certainty>
        <ns2:onset>2026-11-21T09:30:00-00:00</ns2:onset>
        <ns2:expires>2026-11-21T10:30:00-00:00</ns2:expires>
        <ns2:senderName>NWS National Tsunami Warning Center</ns2:senderName>
        <ns2:headline>The tsunami warning is cancelled.</ns2:headline>
        <ns2:resource>
            <ns2:resourceDesc>Event Data as a JSON document</ns2:resourceDesc>
            <ns2:mimeType>application/json</ns2:mimeType>
            <ns2:uri>http://ntwc.example.gov/events/PAAQ.json</ns2:uri>
        </ns2:resource>
        <ns2:area>
            <ns2:areaDesc>95 miles SE of Sand Point, Alaska</ns2:areaDesc>
            <ns2:circle>54.614,-158.986 0.0</ns2:circle>
        </ns2:area>
    </ns2:info>
</ns2:alert>`,
  },
  {
    name: 'eventCode and geocode as one text, references without a time, Very Likely (California, 1.0)',
    version: '1.0',
    valid: true,
    finds: ['msgtype-withdraws', 'older-version', 'language-missing'],
    who: ['ca@example.gov', 'CIT-14'],
    text: `<?xml version="1.0"?>
<alert xmlns="http://www.incident.com/cap/1.0">
<identifier>CIT-14</identifier>
<sender>ca@example.gov</sender>
<sent>2026-11-21T01:30:00-08:00</sent>
<status>Actual</status>
<msgType>Update</msgType>
<references>CIT-13/ca@example.gov</references>
<info>
<category>Geo</category>
<event>Earthquake</event>
<urgency>Past</urgency>
<severity>Minor</severity>
<certainty>Very Likely</certainty>
<eventCode>SAME=EQW</eventCode>
<expires>2026-11-21T02:30:00-08:00</expires>
<senderName>Southern California Seismic Network</senderName>
<headline>EQ 3.4 Imperial County CA</headline>
<area>
<areaDesc>1 mi. WSW of Ocotillo, CA</areaDesc>
<circle>32.7525,-116.0208 0.5</circle>
<geocode>fips6=06025</geocode>
</area>
</info>
</alert>
`,
  },
  {
    name: 'ISO-8859-1, a prefix of its own and a relative file (Italy)',
    version: '1.2',
    valid: true,
    finds: ['uri-relative'],
    who: ['cap@example.it', 'VVF-IT-2026-1'],
    text: `<?xml version="1.0" encoding="ISO-8859-1"?>
<cap:alert xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2">
  <cap:identifier>VVF-IT-2026-1</cap:identifier>
  <cap:sender>cap@example.it</cap:sender>
  <cap:sent>2026-11-21T10:30:00+01:00</cap:sent>
  <cap:status>Actual</cap:status>
  <cap:msgType>Alert</cap:msgType>
  <cap:scope>Public</cap:scope>
  <cap:info>
    <cap:language>it-IT</cap:language>
    <cap:category>Fire</cap:category>
    <cap:event>Incendio: attività in corso</cap:event>
    <cap:urgency>Immediate</cap:urgency>
    <cap:severity>Moderate</cap:severity>
    <cap:certainty>Observed</cap:certainty>
    <cap:expires>2026-11-22T10:30:00+01:00</cap:expires>
    <cap:resource>
      <cap:resourceDesc>mappa della città</cap:resourceDesc>
      <cap:mimeType>image/png</cap:mimeType>
      <cap:uri>mappe/1.png</cap:uri>
    </cap:resource>
    <cap:area>
      <cap:areaDesc>Comune di Forlì</cap:areaDesc>
      <cap:circle>44.2227,12.0407 1.5</cap:circle>
    </cap:area>
  </cap:info>
</cap:alert>`,
  },
  {
    name: 'fractions of a second and a zone of +08:00, a misspelt category (Philippines)',
    version: '1.2',
    valid: false,
    finds: ['date-time', 'word'],
    who: ['pagasa@example.ph', 'PH-TC-1'],
    text: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>PH-TC-1</identifier>
  <sender>pagasa@example.ph</sender>
  <sent>2026-11-21T17:30:00.000+08:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>en-PH</language>
    <category>Meteorological</category>
    <event>Tropical Cyclone</event>
    <urgency>Expected</urgency>
    <severity>Extreme</severity>
    <certainty>Likely</certainty>
    <expires>2026-11-22T17:30:00+08:00</expires>
    <area>
      <areaDesc>Catanduanes</areaDesc>
      <polygon>13.5,124.0 13.5,124.5 14.1,124.5 13.5,124.0</polygon>
    </area>
  </info>
</alert>`,
  },
  {
    name: 'a text that says it is a test under the status Actual, a polygon over several lines (Indonesia)',
    version: '1.2',
    valid: true,
    finds: ['test-text', 'polygon-form'],
    who: ['bmkg@example.id', '2.49.0.1.360.0.2026.11.21.1'],
    text: `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>2.49.0.1.360.0.2026.11.21.1</identifier>
  <sender>bmkg@example.id</sender>
  <sent>2026-11-21T16:30:00+07:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>id-ID</language>
    <category>Geo</category>
    <event>Tsunami</event>
    <urgency>Immediate</urgency>
    <severity>Extreme</severity>
    <certainty>Likely</certainty>
    <expires>2026-11-21T18:30:00+07:00</expires>
    <headline>Peringatan dini</headline>
    <description>This is a test of the communication links. Tidak ada tsunami.</description>
    <area>
      <areaDesc>Pesisir Barat</areaDesc>
      <polygon>
        -5.20,103.90
        -5.10,104.00
        -5.30,104.20
        -5.20,103.90
      </polygon>
    </area>
  </info>
</alert>`,
  },
  {
    name: 'elements of the sender’s own namespace inside an info (New Zealand)',
    version: '1.2',
    valid: false,
    finds: ['unknown-element'],
    who: ['alerts@example.nz', 'NZ-ECP-1'],
    text: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2" xmlns:nz="urn:example:nz:colour">
  <identifier>NZ-ECP-1</identifier>
  <sender>alerts@example.nz</sender>
  <sent>2026-11-21T22:30:00+13:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>en-NZ</language>
    <category>Met</category>
    <event>rain</event>
    <urgency>Future</urgency>
    <severity>Moderate</severity>
    <certainty>Likely</certainty>
    <onset>2026-11-22T06:00:00+13:00</onset>
    <expires>2026-11-22T18:00:00+13:00</expires>
    <headline>Heavy Rain Warning - Orange</headline>
    <nz:colour code="#FF9900">Orange</nz:colour>
    <area>
      <areaDesc>Westland</areaDesc>
      <polygon>-43.0,170.5 -43.0,171.0 -43.5,170.5 -43.0,170.5</polygon>
    </area>
  </info>
</alert>`,
  },
  {
    name: 'an event list of its own, xml:lang on a text, which no schema of CAP allows (Australia)',
    version: '1.2',
    valid: false,
    finds: ['unknown-attribute'],
    who: ['webmaster@example.au', 'AU-RFS-418'],
    text: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>AU-RFS-418</identifier>
  <sender>webmaster@example.au</sender>
  <sent>2026-11-21T20:30:00+11:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <code>urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0</code>
  <info>
    <language>en-AU</language>
    <category>Fire</category>
    <event xml:lang="en-AU">Bushfire</event>
    <responseType>Monitor</responseType>
    <urgency>Expected</urgency>
    <severity>Moderate</severity>
    <certainty>Observed</certainty>
    <eventCode>
      <valueName>https://govshare.example.au/CAP-AU:Event</valueName>
      <value>bushFire</value>
    </eventCode>
    <expires>2026-11-22T20:30:00+11:00</expires>
    <area>
      <areaDesc>Yengo National Park</areaDesc>
      <circle>-32.97,150.82 12</circle>
    </area>
  </info>
</alert>`,
  },
  {
    name: 'names where their text should be, a stray word, the info in front of the references (a home-made sender)',
    version: '1.2',
    valid: false,
    finds: ['order', 'stray-text', 'expires-missing', 'no-geometry'],
    who: ['warnings@example.com', '1'],
    text: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>1</identifier>
  <sender>warnings@example.com</sender>
  <sent>2026-11-21T09:30:00-00:00</sent>
  <status>Actual</status>
  <msgType>Update</msgType>
  <scope>Public</scope>
  <info>
    <language>en</language>
    <category>Safety</category>
    <event>Gas leak</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Observed</certainty>
    <area>
      <areaDesc>Old town</areaDesc>
    </area>
  </info>
  <references>warnings@example.com,0,2026-11-21T09:00:00-00:00</references>
  end
</alert>`,
  },
];
