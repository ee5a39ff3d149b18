// Templates to compiled templates, and every way in which one can be wrong, each at its line and column.
import { describe, expect, it } from 'vitest';
import { compileTemplates } from '../../mail/library.ts';
import { countCompiles } from '../../mail/library-mjml.ts';
import { chooseLocale, toSummaries } from '../../mail/template.ts';

const layout = `<mjml>
  <mj-head><mj-style>p { margin: 0 }</mj-style></mj-head>
  <mj-body>
    <mj-content />
    <mj-include path="./partials/footer.mjml" />
  </mj-body>
</mjml>
`;
const footer = `<mj-section><mj-column><mj-text>
  {{ identity.company }}, <a href="{{ links.unsubscribe }}">Leave</a>
</mj-text></mj-column></mj-section>
`;
const head = '---\nsubject: Hello\npreheader: A word\ntopic: marketing\n---\n';
const shared = [
  { path: 'layouts/default.mjml', text: layout },
  { path: 'partials/footer.mjml', text: footer },
  { path: 'partials/footer.ru.mjml', text: footer.replace('Leave', 'Отписаться') },
];
const section = (inside: string) =>
  `<mj-section>\n<mj-column>\n<mj-text>\n${inside}\n</mj-text>\n</mj-column>\n</mj-section>\n`;
const compile = (text: string, path = 'a.en.mjml') => compileTemplates([...shared, { path, text }]);
const told = async (text: string, path?: string) =>
  (await compile(text, path)).diagnostics.map((one) => `${one.file}:${one.line}:${one.column} ${one.code}`);

describe('a template', () => {
  it('is poured into its layout, with its preheader, language and title, and keeps its Liquid', async () => {
    const { templates, diagnostics } = await compile(
      head +
        section(
          '<p>{{ contact.first_name | default: "you & me" }}</p>{% if deal.amount > 3 %}big{% endif %}',
        ),
      'a.ru.mjml',
    );
    expect(diagnostics).toEqual([]);
    const [template] = templates;
    expect(template).toMatchObject({
      name: 'a',
      locale: 'ru',
      topic: 'marketing',
      subject: 'Hello',
      needs: [],
    });
    expect(template?.html).toContain(
      '<p>{{ contact.first_name | default: "you & me" }}</p>{% if deal.amount > 3 %}big{% endif %}',
    );
    expect(template?.html).toMatch(
      /<html lang="ru"[\s\S]*<title>Hello<\/title>[\s\S]*display:none[\s\S]*A word/,
    );
    expect(template?.html).toContain('Отписаться');
    expect(template?.text).toBe(
      '{{ contact.first_name | default: "you & me" }}\n\n{% if deal.amount > 3 %}big{% endif %}\n\n{{ identity.company }}, Отписаться <{{ links.unsubscribe }}>\n',
    );
  });

  it('has a hash that changes with its content and with nothing else', async () => {
    const [one, same, other] = await Promise.all(
      ['x', 'x', 'y'].map((word) => compile(head + section(word))),
    );
    expect(one?.templates[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(same?.templates).toEqual(one?.templates);
    expect(other?.templates[0]?.hash).not.toBe(one?.templates[0]?.hash);
  });

  it('is compiled by MJML once, and is plain JSON', async () => {
    const before = countCompiles();
    const { templates } = await compile(head + section('x'));
    expect(countCompiles() - before).toBe(1);
    expect(JSON.parse(JSON.stringify(templates))).toEqual(templates);
  });

  it('may have its text part written by hand', async () => {
    const { templates } = await compileTemplates([
      ...shared,
      { path: 'a.en.mjml', text: head + section('x') },
      { path: 'a.en.txt', text: 'By hand, {{ contact.first_name }}' },
    ]);
    expect(templates[0]?.text).toBe('By hand, {{ contact.first_name }}');
    expect(templates[0]?.needs).toEqual(['contact.first_name']);
  });

  it("comes in the contact's locale, else its language, else default, else English", async () => {
    const { templates } = await compileTemplates([
      ...shared,
      ...['a.de', 'a.de-AT', 'a.en', 'b', 'b.ru', 'c.ru'].map((name) => ({
        path: `${name}.mjml`,
        text: head + section('x'),
      })),
    ]);
    const chosen = (name: string, locale: string | null) => chooseLocale(templates, name, locale)?.locale;
    expect([chosen('a', 'de_at'), chosen('a', 'de-CH'), chosen('a', 'fr'), chosen('a', null)]).toEqual([
      'de-AT',
      'de',
      'en',
      'en',
    ]);
    expect([chosen('b', 'fr'), chosen('c', 'fr'), chosen('d', 'fr')]).toEqual(['default', 'ru', undefined]);
    expect(toSummaries(templates).a).toEqual({
      locales: ['de', 'de-AT', 'en'],
      topic: 'marketing',
      needs: [],
    });
  });
});

/** Each: what is wrong, the text, and where it is told. Lines 1 to 5 are the head; the first text of a section is line 9. */
const wrong: readonly (readonly [what: string, text: string, where: string])[] = [
  ['no head', '<mjml></mjml>', 'a.en.mjml:1:1 template-head'],
  ['no subject', `---\ntopic: marketing\n---\n${section('x')}`, 'a.en.mjml:1:1 template-head'],
  ['neither topic nor transactional', `---\nsubject: x\n---\n${section('x')}`, 'a.en.mjml:1:1 template-head'],
  [
    'an unknown key in the head',
    `---\nsubject: x\npreheader: y\ntopic: a\nsubjekt: z\n---\n${section('x')}`,
    'a.en.mjml:5:1 template-head',
  ],
  ['no preheader', `---\nsubject: x\ntopic: a\n---\n${section('x')}`, 'a.en.mjml:1:1 template-preheader'],
  [
    'a layout that is not there',
    head.replace('topic', 'layout: fancy\ntopic') + section('x'),
    'a.en.mjml:1:1 template-include',
  ],
  [
    'an include that is not there',
    head + section('<mj-include path="partials/nope.mjml" />'),
    'a.en.mjml:9:1 template-include',
  ],
  [
    'an include of the disk',
    head + section('<mj-include path="../../etc/passwd" />'),
    'a.en.mjml:9:1 template-include',
  ],
  [
    'an element MJML does not know',
    head + section('x').replaceAll('mj-text', 'mj-texd'),
    'a.en.mjml:8:1 template-mjml',
  ],
  ['an unclosed if', `${head}${section('a {% if contact.company %} b')}`, 'a.en.mjml:9:3 template-liquid'],
  ['an unclosed output', head + section('a {{ contact.company'), 'a.en.mjml:9:3 template-liquid'],
  ['an unknown filter', head + section('a {{ contact.company | shout }}'), 'a.en.mjml:9:24 template-liquid'],
  ['a tag that reads files', head + section('{% include "x" %}'), 'a.en.mjml:9:1 template-liquid'],
  ['a tag that prints raw', head + section('{% raw %}x{% endraw %}'), 'a.en.mjml:9:1 template-liquid'],
  [
    'Liquid in the subject',
    `${head.replace('Hello', 'Hi {{ contact.company | shout }}')}${section('x')}`,
    'a.en.mjml:2:34 template-liquid',
  ],
  [
    'Liquid where MJML drops it',
    `${head}{% if contact.company %}\n${section('x')}{% endif %}`,
    'a.en.mjml:6:1 template-dropped',
  ],
  ['a variable nobody has', head + section('{{ kontact.company }}'), 'a.en.mjml:9:4 template-variable'],
  ['a variable without a default', head + section('{{ contact.company }}'), 'a.en.mjml:9:4 template-default'],
  [
    'a use that is not declared',
    head.replace('topic', 'uses: deal.id\ntopic') + section('{{ deal.id }} {{ contact.id }}'),
    'a.en.mjml:10:18 template-uses',
  ],
  [
    'an image without alt',
    head + section('<img src="https://a.example/b.png">'),
    'a.en.mjml:9:1 template-alt',
  ],
  [
    'a link without encryption',
    head + section('<a href="http://a.example">x</a>'),
    'a.en.mjml:9:4 template-link',
  ],
  ['an empty link', head + section('<a href="#">x</a>'), 'a.en.mjml:9:4 template-link'],
  [
    'a link that a contact wrote',
    head + section('<a href="{{ contact.website }}">x</a>'),
    'a.en.mjml:9:4 template-link',
  ],
  ['a script', head + section('<script>x</script>'), 'a.en.mjml:9:1 template-forbidden'],
  ['an on... attribute', head + section('<p onclick="x()">x</p>'), 'a.en.mjml:9:1 template-forbidden'],
  [
    'an image inside',
    head + section('<img alt="" src="data:image/png;base64,xx">'),
    'a.en.mjml:9:13 template-forbidden',
  ],
  ['a page that Gmail cuts', head + section('word '.repeat(20_001)), 'a.en.mjml:1:1 template-size'],
  ['a page that Gmail nearly cuts', head + section('word '.repeat(16_001)), 'a.en.mjml:1:1 template-large'],
  [
    'a loop without end',
    head + section('{% for i in (1..100000000) %}x{% endfor %}'),
    'a.en.mjml:1:1 template-render',
  ],
  [
    'no way to unsubscribe',
    `${head}<mjml><mj-body>${section('x')}</mj-body></mjml>`,
    'a.en.mjml:1:1 template-unsubscribe',
  ],
];

describe('a diagnostic tells', () => {
  for (const [what, text, where] of wrong)
    it(what, async () => {
      expect(await told(text)).toContain(where);
    });

  it('a file whose name says neither template nor locale', async () => {
    expect(await told(head + section('x'), 'A b.mjml')).toEqual(['A b.mjml:1:1 template-name']);
    expect(await told('x', 'b.en.txt')).toEqual(['b.en.txt:1:1 template-name']);
  });

  it('a mistake in a partial once, in the partial', async () => {
    const { diagnostics } = await compileTemplates([
      shared[0] ?? { path: '', text: '' },
      { path: 'partials/footer.mjml', text: footer.replace('links.unsubscribe', 'links.unsubscibe') },
      { path: 'a.en.mjml', text: head + section('x') },
      { path: 'b.en.mjml', text: head + section('y') },
    ]);
    const variables = diagnostics.filter((one) => one.code === 'template-variable');
    expect(variables).toHaveLength(1);
    expect(variables[0]).toMatchObject({
      file: 'partials/footer.mjml',
      line: 2,
      column: 39,
      severity: 'error',
    });
  });

  it('locales that disagree about the topic', async () => {
    const { diagnostics } = await compileTemplates([
      ...shared,
      { path: 'a.en.mjml', text: head + section('x') },
      { path: 'a.ru.mjml', text: head.replace('marketing', 'news') + section('x') },
    ]);
    expect(diagnostics.map((one) => one.code)).toEqual(['template-agreement']);
  });

  it('a fact that is not declared, where facts are', async () => {
    const facts = {
      contact: { company: 'text', consent: { marketing: 'boolean' } },
      deal: { title: 'text' },
    } as const;
    const text =
      head +
      section(
        '{{ contact.compny | default: "" }} {{ contact.consent.news | default: "" }} {{ deal.title | default: "" }}',
      );
    const { diagnostics } = await compileTemplates([...shared, { path: 'a.en.mjml', text }], facts);
    expect(diagnostics.map((one) => [one.message, one.hint])).toEqual([
      ['There is no {{ contact.compny }}', 'did you mean `contact.company`?'],
      ['There is no {{ contact.consent.news }}', 'known: contact.consent.marketing'],
    ]);
  });
});
