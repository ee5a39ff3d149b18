// A catcher that holds what a test puts in, among it a mail that tries what a hostile one would.
import type { Catcher, CaughtMail } from '../../mail/catcher.ts';
import { signAddress } from '../../mail/links.ts';
import { minuteMs, monday } from './factories.ts';
import { linkKeys } from './web.ts';

const body = `<!doctype html><html lang="en"><head><title>Mail</title><style>h1 { color: #0f5f56; font-family: Georgia, serif }</style></head>
<body style="margin:0;background:#edf1f0;font-family:sans-serif"><div style="max-width:600px;margin:32px auto;background:#fff;padding:32px 40px;border-radius:16px">
<h1>Hello Anna</h1><p>Here is what we promised: a method that fits on one page.</p>
<p><a href="/u/cut">unsubscribe</a></p></div>
<script>parent.document.title = document.title = 'pwned'</script>
<img src="http://tracker.example/pixel.gif" alt="" onerror="parent.document.title='pwned'"></body></html>`;

const subjects = [
  'Спасибо за заявку. Вот что будет дальше',
  'Thank you for stopping by. Here is what comes next',
  'A method that fits on one page, and works with any supplier, not only with us, which is why we send it first',
  '<b>Not bold</b> & "quoted"',
];

export function aCatcher(): Catcher & { add(more: Partial<CaughtMail>): void } {
  const mails: CaughtMail[] = [];
  const add = (more: Partial<CaughtMail>) => {
    const id = String(mails.length + 1);
    mails.push({
      id,
      at: monday + mails.length * minuteMs,
      from: 'Acme Pumps <hello@acme-pumps.example>',
      to: `Anna Petrova <anna.petrova+${id}@a-rather-long-company-name.example>`,
      subject: subjects[mails.length % subjects.length] ?? '',
      html: body,
      text: 'Hello Anna,\n\nHere is what we promised: a method that fits on one page.\n\nUnsubscribe: https://mail.acme.example/u/k1.17.x',
      source: `Message-ID: <${signAddress('message', '1', linkKeys)}@acme-pumps.example>\r\nList-Unsubscribe: <https://mail.acme.example/u/${'k1.17.x'.repeat(30)}>\r\nSubject: ...\r\n\r\n${body}`,
      ...more,
    });
  };
  for (let n = 0; n < 12; n++) add({});
  return {
    url: 'smtp://localhost:2525',
    get accepted() {
      return mails.length;
    },
    messages: () => [...mails].reverse(),
    message: async (id) => mails.find((mail) => mail.id === id) ?? null,
    close: async () => undefined,
    add,
  };
}
