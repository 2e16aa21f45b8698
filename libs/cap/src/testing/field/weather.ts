import type { FieldSample } from './field-sample.js';

/** Alerts as national weather services write them: our own words in their forms. */
export const WEATHER: readonly FieldSample[] = [
  {
    name: 'a style sheet and a note in front, single quotes, UGC and SAME codes, VTEC (United States, 1.2)',
    version: '1.2',
    valid: true,
    finds: [],
    who: ['w-nws.webmaster@noaa.gov', 'urn:oid:2.49.0.1.840.0.53be17.001.1'],
    text: `<?xml version = '1.0' encoding = 'UTF-8' standalone = 'yes'?>
<?xml-stylesheet href='https://example.org/cap/capatom.xsl' type='text/xsl'?>
<!--
This atom/xml feed is an index to active advisories, watches and warnings.
-->
<alert xmlns = 'urn:oasis:names:tc:emergency:cap:1.2'>

<!-- http-date = Sat, 21 Nov 2026 09:30:00 GMT -->
<identifier>urn:oid:2.49.0.1.840.0.53be17.001.1</identifier>
<sender>w-nws.webmaster@noaa.gov</sender>
<sent>2026-11-21T03:30:00-06:00</sent>
<status>Actual</status>
<msgType>Alert</msgType>
<scope>Public</scope>
<code>IPAWSv1.0</code>
<info>
<language>en-US</language>
<category>Met</category>
<event>Flash Flood Warning</event>
<responseType>Avoid</responseType>
<urgency>Immediate</urgency>
<severity>Severe</severity>
<certainty>Likely</certainty>
<eventCode>
<valueName>SAME</valueName>
<value>FFW</value>
</eventCode>
<eventCode>
<valueName>NationalWeatherService</valueName>
<value>FFW</value>
</eventCode>
<effective>2026-11-21T03:30:00-06:00</effective>
<onset>2026-11-21T03:30:00-06:00</onset>
<expires>2026-11-21T06:30:00-06:00</expires>
<senderName>NWS Springfield MO</senderName>
<headline>Flash Flood Warning issued November 21 at 3:30AM CST</headline>
<description>
At 330 AM CST, radar showed heavy rain. Between 2 and 3 inches have fallen.

HAZARD...Flash flooding.
</description>
<instruction>
Turn around, don't drown.
</instruction>
<web>http://www.weather.gov</web>
<parameter>
<valueName>VTEC</valueName>
<value>/O.NEW.KSGF.FF.W.0042.261121T0930Z-261121T1230Z/</value>
</parameter>
<parameter>
<valueName>EAS-ORG</valueName>
<value>WXR</value>
</parameter>
<area>
<areaDesc>Greene, MO; Christian, MO</areaDesc>
<polygon>37.2,-93.5 37.2,-93.1 36.9,-93.1 36.9,-93.5 37.2,-93.5</polygon>
<geocode>
<valueName>SAME</valueName>
<value>029077</value>
</geocode>
<geocode>
<valueName>UGC</valueName>
<value>MOC077</value>
</geocode>
</area>
</info>
</alert>
`,
  },
  {
    name: 'Z in every time, which 1.1 allows, an empty note and where the schema lies (United States, 1.1)',
    version: '1.1',
    valid: true,
    finds: ['older-version', 'language-missing', 'no-geometry'],
    who: ['w-nws.webmaster@noaa.gov', 'NOAA-NWS-ALERTS-MO126'],
    text: `<?xml version="1.0" encoding="UTF-8"?>
<cap:alert xmlns:cap="urn:oasis:names:tc:emergency:cap:1.1"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
           xsi:schemaLocation="urn:oasis:names:tc:emergency:cap:1.1 http://example.org/cap/1.1/cap.xsd">
  <cap:identifier>NOAA-NWS-ALERTS-MO126</cap:identifier>
  <cap:sender>w-nws.webmaster@noaa.gov</cap:sender>
  <cap:sent>2026-11-21T09:30:00Z</cap:sent>
  <cap:status>Actual</cap:status>
  <cap:msgType>Alert</cap:msgType>
  <cap:scope>Public</cap:scope>
  <cap:note/>
  <cap:info>
    <cap:category>Met</cap:category>
    <cap:event>Winter Storm Watch</cap:event>
    <cap:urgency>Future</cap:urgency>
    <cap:severity>Moderate</cap:severity>
    <cap:certainty>Possible</cap:certainty>
    <cap:effective>2026-11-21T09:30:00Z</cap:effective>
    <cap:expires>2026-11-22T09:30:00Z</cap:expires>
    <cap:headline>Winter Storm Watch</cap:headline>
    <cap:area>
      <cap:areaDesc>Greene</cap:areaDesc>
      <cap:geocode>
        <cap:valueName>FIPS6</cap:valueName>
        <cap:value>029077</cap:value>
      </cap:geocode>
    </cap:area>
  </cap:info>
</cap:alert>`,
  },
  {
    name: 'the words of 1.2 under the namespace of 1.1',
    version: '1.1',
    valid: false,
    finds: ['word', 'older-version', 'no-geometry'],
    who: ['alerts@example.mx', 'MX-7'],
    text: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1">
  <identifier>MX-7</identifier>
  <sender>alerts@example.mx</sender>
  <sent>2026-11-21T03:30:00-06:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>es-MX</language>
    <category>Geo</category>
    <event>Sismo</event>
    <responseType>AllClear</responseType>
    <urgency>Past</urgency>
    <severity>Minor</severity>
    <certainty>Observed</certainty>
    <expires>2026-11-21T04:30:00-06:00</expires>
    <area>
      <areaDesc>Costa de Guerrero</areaDesc>
      <geocode><valueName>INEGI</valueName><value>12</value></geocode>
    </area>
  </info>
</alert>`,
  },
  {
    name: 'two languages, awareness levels and EMMA codes (MeteoAlarm, Austria)',
    version: '1.2',
    valid: true,
    finds: ['no-geometry'],
    who: ['info@example.at', '2.49.0.0.40.0.AT.261121093000.1'],
    text: `<?xml version="1.0" encoding="utf-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>2.49.0.0.40.0.AT.261121093000.1</identifier>
  <sender>info@example.at</sender>
  <sent>2026-11-21T10:30:00+01:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>de-AT</language>
    <category>Met</category>
    <event>Gelbe Sturmwarnung</event>
    <responseType>Monitor</responseType>
    <urgency>Future</urgency>
    <severity>Moderate</severity>
    <certainty>Likely</certainty>
    <effective>2026-11-21T10:30:00+01:00</effective>
    <onset>2026-11-21T18:00:00+01:00</onset>
    <expires>2026-11-22T06:00:00+01:00</expires>
    <senderName>GeoSphere Austria</senderName>
    <headline>Gelbe Warnung vor Sturm für Österreich</headline>
    <description>Böen um 70 km/h.</description>
    <web>https://example.at/</web>
    <parameter>
      <valueName>awareness_level</valueName>
      <value>2; yellow; Moderate</value>
    </parameter>
    <parameter>
      <valueName>awareness_type</valueName>
      <value>1; Wind</value>
    </parameter>
    <area>
      <areaDesc>Wien</areaDesc>
      <geocode>
        <valueName>EMMA_ID</valueName>
        <value>AT901</value>
      </geocode>
    </area>
  </info>
  <info>
    <language>en-GB</language>
    <category>Met</category>
    <event>Yellow Wind Warning</event>
    <responseType>Monitor</responseType>
    <urgency>Future</urgency>
    <severity>Moderate</severity>
    <certainty>Likely</certainty>
    <effective>2026-11-21T10:30:00+01:00</effective>
    <onset>2026-11-21T18:00:00+01:00</onset>
    <expires>2026-11-22T06:00:00+01:00</expires>
    <senderName>GeoSphere Austria</senderName>
    <headline>Yellow Wind Warning for Austria</headline>
    <description>Gusts of about 70 km/h.</description>
    <web>https://example.at/</web>
    <parameter>
      <valueName>awareness_level</valueName>
      <value>2; yellow; Moderate</value>
    </parameter>
    <area>
      <areaDesc>Wien</areaDesc>
      <geocode>
        <valueName>EMMA_ID</valueName>
        <value>AT901</value>
      </geocode>
    </area>
  </info>
</alert>
`,
  },
  {
    name: 'heights in feet with decimals, commas in names, an excluded polygon as a code (Germany, weather)',
    version: '1.2',
    valid: true,
    finds: [],
    who: ['opendata@example.de', '2.49.0.0.276.0.DWD.PVW.1732181400000.1'],
    text: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
    <identifier>2.49.0.0.276.0.DWD.PVW.1732181400000.1</identifier>
    <sender>opendata@example.de</sender>
    <sent>2026-11-21T10:30:00+01:00</sent>
    <status>Actual</status>
    <msgType>Alert</msgType>
    <source>PVW</source>
    <scope>Public</scope>
    <code>id:2.49.0.0.276.0.DWD.PVW.1732181400000.1</code>
    <info>
        <language>de-DE</language>
        <category>Met</category>
        <event>FROST</event>
        <responseType>Prepare</responseType>
        <urgency>Immediate</urgency>
        <severity>Minor</severity>
        <certainty>Likely</certainty>
        <eventCode>
            <valueName>PROFILE_VERSION</valueName>
            <value>2.1.12</value>
        </eventCode>
        <eventCode>
            <valueName>II</valueName>
            <value>22</value>
        </eventCode>
        <effective>2026-11-21T10:30:00+01:00</effective>
        <onset>2026-11-21T18:00:00+01:00</onset>
        <expires>2026-11-22T10:00:00+01:00</expires>
        <senderName>DWD / Nationales Warnzentrum Offenbach</senderName>
        <headline>Amtliche WARNUNG vor FROST</headline>
        <description>Es tritt leichter Frost zwischen 0 °C und -3 °C auf.</description>
        <instruction/>
        <web>https://example.de/warnungen</web>
        <contact>Deutscher Wetterdienst</contact>
        <area>
            <areaDesc>Gemeinde Oberstdorf, Landkreis Oberallgäu</areaDesc>
            <polygon>47.39,10.26 47.41,10.29 47.38,10.31 47.39,10.26</polygon>
            <geocode>
                <valueName>EXCLUDE_POLYGON</valueName>
                <value>47.395,10.27 47.40,10.28 47.39,10.28 47.395,10.27</value>
            </geocode>
            <geocode>
                <valueName>WARNCELLID</valueName>
                <value>809780133</value>
            </geocode>
            <altitude>0</altitude>
            <ceiling>9842.5197</ceiling>
        </area>
    </info>
</alert>`,
  },
  {
    name: 'a language by its own name instead of its tag, a polygon with a space at its end (Argentina)',
    version: '1.2',
    valid: false,
    finds: ['type', 'language-odd'],
    who: ['sat@example.ar', 'AR-SMN-1'],
    text: `<?xml version='1.0' encoding='UTF-8'?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:oasis:names:tc:emergency:cap:1.2 cap.xsd">
  <identifier>AR-SMN-1</identifier>
  <sender>sat@example.ar</sender>
  <sent>2026-11-21T06:30:00-03:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>español</language>
    <category>Met</category>
    <event>Tormentas fuertes</event>
    <urgency>Expected</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <expires>2026-11-21T18:30:00-03:00</expires>
    <headline>Alerta naranja</headline>
    <area>
      <areaDesc>Córdoba, Santa Fe</areaDesc>
      <polygon>-31.4,-64.2 -31.4,-60.7 -32.9,-60.7 -31.4,-64.2 </polygon>
    </area>
  </info>
</alert>`,
  },
];
