// What a request says of whoever made it, as signs that outlive the request: its headers are looked at once, at the door,
// and not kept. A sign is no verdict: mail/hits.ts weighs it with the rest. The table is of names that vendors give in
// their documents and logs; a scanner that calls itself a browser is found by what it does.
export type Sign = 'scanner' | 'proxy' | 'prefetch' | 'browser';

/** Load pictures or pages for a reader who may never look. */
const proxies: readonly RegExp[] = [
  /GoogleImageProxy|via ggpht/i,
  /YahooMailProxy/i,
  // Apple Mail's privacy proxy and iCloud's say this and no more.
  /^Mozilla\/5\.0$/,
];

const scanners: readonly RegExp[] = [
  // Gateways and link checkers.
  /barracuda|proofpoint|mimecast|forcepoint|fireeye|trendmicro|trend micro|symantec|messagelabs|sophos|fortinet|fortimail/i,
  /ironport|zscaler|avanan|cloudmark|urldefense|safelinks|safe links|bitdefender|kaspersky|virustotal|checkpoint/i,
  /microsoft (office|outlook)|ms-office|bingpreview|skypeuripreview|slackbot|whatsapp|telegrambot|facebookexternalhit/i,
  // Programs.
  /\b(bot|crawler|spider|scanner|preview|monitor|checker|validator)\b|bot\/|crawl/i,
  /curl|wget|python|java\/|okhttp|go-http-client|libwww|axios|node-fetch|undici|^node$|httpclient|ruby|perl|php|scrapy/i,
  /headlesschrome|phantomjs|puppeteer|playwright|selenium|electron|cypress/i,
];

/** Header names in lower case. */
export function readSigns(headers: Readonly<Record<string, string | string[] | undefined>>): Sign[] {
  const agent = String(headers['user-agent'] ?? '');
  const purpose = [headers.purpose, headers['sec-purpose'], headers['x-moz'], headers['x-purpose']].join(' ');
  const isScanner = agent === '' || scanners.some((one) => one.test(agent));
  const isProxy = proxies.some((one) => one.test(agent));
  const signs: [Sign, boolean][] = [
    ['scanner', isScanner && !isProxy],
    ['proxy', isProxy],
    ['prefetch', /prefetch|preview|prerender/i.test(purpose)],
    ['browser', /^(Mozilla|Opera)\/\d/.test(agent)],
  ];
  return signs.filter(([, is]) => is).map(([sign]) => sign);
}
