// Hostile definitions: what YAML may hold and we do not read, bombs of aliases, nesting, size and Liquid, keys that reach
// for a prototype, conditions and phrases made to be slow, and shipped files with bytes changed by dice.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dice } from './dice.ts';

export interface Hostile {
  readonly name: string;
  readonly kind: 'workflow' | 'declaration' | 'template';
  readonly text: string;
}

const kb = 1024;
const head = 'workflow: w\nenter: { when: deal won }\nsteps:\n';
const times = (n: number, text: string) => text.repeat(n);

/** After the YAML test suite: each says something that a plain reader would stumble over. */
const yaml: readonly string[] = [
  '',
  '\uFEFFworkflow: w',
  '# only a comment',
  '---\n...\n---\na: 1',
  '%YAML 1.1\n---\na: yes',
  '%TAG ! tag:x,2000:\n--- !x\na: 1',
  '? [a, b]\n: 1\n? {c: d}\n: 2',
  '? |\n  block key\n: - one\n  - two',
  '- - - - a\n    - b\n',
  'a: &a [*a]',
  '&a a: *a',
  '<<: { a: 1 }\nb: 2',
  '<<: [{ a: 1 }, *x]',
  '!!binary aGVsbG8=: !!set { a, b }',
  'a: !!js/function "function(){}"',
  'a: !!python/object/apply:os.system [ls]',
  'a: 0x1F\nb: 0o17\nc: .inf\nd: -.INF\ne: .nan\nf: 1e999\ng: 0b1',
  'a: 2001-12-14t21:59:43.10-05:00\nb: 12:30:45',
  'a: |4-\n    x\n  y',
  'a: >+\n\n\n  x\n\n\n',
  'a: "\\x00\\u0000\\U0010FFFF\\ud800"',
  'a: \u0000\u0007\u001b[2J',
  'a: \u2028b\u2029c\u0085d',
  'a:\tb\n\tc: d',
  "a: 'it''s\n\n  folded'",
  '{a: 1, b, ? c, "d":2, e: [1,,2]}',
  '[a, [b, [c, {d: [e]}]]]: x',
  'a: b: c: d',
  '- a\nb: c',
  'a: *unknown',
  'a: {',
  'a: "',
  'a: |',
  'workflow: [w]\nenter: 3\nexit: x\nsteps: { a: b }\ntests: 7',
  'workflow: null\nenter:\nsteps:\n',
  `${head}  - null\n  - 3\n  - []\n  - id: {}\n    send: []\n`,
  `${head}  - id: a\n    branch: { if: x }\n  - id: b\n    split: [1]\n  - id: c\n    repeat: x\n`,
  'workflow: w\nenter: { when: deal won }\nsteps: [{id: a, send: 1e999}, {id: b, wait: -.inf}]',
];

const reaching = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'];

function prototypes(): Hostile[] {
  return reaching.flatMap((key) =>
    [
      `${key}: { polluted: yes }\n${head}  - id: a\n    exit: b\n`,
      `workflow: ${key}\nenter: { when: deal won, ${key}: 1 }\nsteps:\n  - { id: ${key.toLowerCase()}, ${key}: 1 }\n`,
      `${head}  - id: a\n    set: { contact.${key}: 1, ${key}.polluted: 1, ${key}: 1 }\n`,
      `${head}  - id: a\n    send: ${key}\n  - id: b\n    branch:\n      - if: contact.${key}.${key} == deal.${key}\n        steps: []\n      - else: []\n`,
      `${head}  - id: a\n    wait_until: next ${key}\ntopic: ${key}\nsend_window: ${key}\nrenamed: { ${key}: a }\n`,
      `${head}  - id: a\n    exit: b\ntests:\n  - name: x\n    given: { contact: { ${key}: 1 }, deal: { ${key}: { a: 1 } } }\n    expect: [exits b]\n`,
    ].map((text, i): Hostile => ({ name: `${key} ${i}`, kind: 'workflow', text })),
  );
}

function bombs(): Hostile[] {
  const laughs = Array.from(
    { length: 10 },
    (_, i) =>
      `l${i}: &l${i} [${Array(9)
        .fill(i === 0 ? 'ha' : `*l${i - 1}`)
        .join(', ')}]`,
  ).join('\n');
  const texts: { readonly [name: string]: string } = {
    'billion laughs': laughs,
    'quadratic alias': `a: &a ${'x'.repeat(50 * kb)}\nb: [${times(4000, '*a, ')}]`,
    brackets: times(120 * kb, '['),
    'closed brackets': times(100 * kb, '[') + times(100 * kb, ']'),
    braces: times(60 * kb, '{a: '),
    dashes: times(100 * kb, '- '),
    indents: Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a${i}:`).join('\n'),
    'nested steps': `${head}${Array.from({ length: 300 }, (_, i) => `${' '.repeat(2 + i * 6)}- id: s${i}\n${' '.repeat(4 + i * 6)}branch:\n${' '.repeat(6 + i * 6)}- else:`).join('\n')}`,
    quotes: times(250 * kb, '"'),
    colons: times(120 * kb, ': '),
    anchors: times(60 * kb, '&a '),
    tags: times(80 * kb, '! '),
    'many keys': Array.from({ length: 24_000 }, (_, i) => `k${i}: ${i}`).join('\n'),
    'same keys': times(40_000, 'a: 1\n'),
    'many steps': `${head}${Array.from({ length: 7000 }, (_, i) => `  - id: s${i}\n    exit: e\n`).join('')}`,
    'steps of one id': `${head}${times(8000, '  - id: s\n    exit: e\n')}`,
    'waiting steps': `${head}${Array.from({ length: 5000 }, (_, i) => `  - id: s${i}\n    wait: 3d\n    until: contact clicks s${i}\n`).join('')}`,
    'unknown steps': `${head}${Array.from({ length: 6000 }, (_, i) => `  - id: s${i}\n    ${'sned'.repeat(4)}: x\n`).join('')}`,
    'long scalar': `workflow: ${'x'.repeat(250 * kb)}`,
    'long block': `description: |\n${times(60_000, '  x\n')}`,
    'long comment': `${times(60_000, '#\n')}workflow: w`,
    'ignores without end': `${times(8000, '# lint-ignore missing-locale: x\n')}workflow: w`,
    'over the size': `a: ${'x'.repeat(257 * kb)}`,
    'far over the size': `a: ${'x'.repeat(8 * 1024 * kb)}`,
    'wide letters': `description: ${'😀'.repeat(60 * kb)}`,
    'spaces inside': `description: a${' '.repeat(200 * kb)}b`,
    'line ends': times(200 * kb, '\r'),
  };
  return Object.entries(texts).map(([name, text]) => ({ name, kind: 'workflow', text }));
}

/** One value inside a workflow that is otherwise right. */
function values(): Hostile[] {
  const long = 100 * kb;
  const condition = (text: string) =>
    `workflow: w\nenter:\n  when: deal won\n  only_if: ${JSON.stringify(text)}\nsteps: [{ id: a, exit: b }]\n`;
  const phrase = (text: string) =>
    `workflow: w\nenter: { when: ${JSON.stringify(text)} }\nsteps: [{ id: a, wait: 3d, until: ${JSON.stringify(text)} }]\n`;
  const step = (key: string, text: string) => `${head}  - id: a\n    ${key}: ${JSON.stringify(text)}\n`;
  const made: { readonly [name: string]: string } = {
    parentheses: condition(`${times(20_000, '(')}true${times(20_000, ')')}`),
    nots: condition(`${times(40_000, '!')}true`),
    minuses: condition(`${times(30_000, '-')}1 > 0`),
    ands: condition(`${times(15_000, 'true && ')}true`),
    'a long list': condition(`1 in [${times(20_000, '1,')}1]`),
    lists: condition(`${times(20_000, '[')}${times(20_000, ']')} == []`),
    dots: condition(`contact${times(20_000, '.a')} == 1`),
    ternaries: condition(`${times(9000, 'true ? ')}true`),
    macros: condition('[1,2].all(x, [1,2].all(y, [1,2].all(z, x == y && y == z)))'),
    regex: condition('contact.email.matches("(a+)+$")'),
    escapes: condition(`contact.email == "${times(20_000, '\\\\')}"`),
    'a number': condition(`deal.amount > ${times(50_000, '9')}`),
    'a form': phrase(`form ${'a'.repeat(long)}`),
    'a stage': phrase(`deal.stage enters "${'a'.repeat(long)}`),
    'quotes in a form': phrase(`form ${times(50_000, '"')} submitted`),
    'spaces in a phrase': phrase(`contact${' '.repeat(long)}clicks${' '.repeat(long)}x`),
    before: phrase(`${'1 '.repeat(30_000)}days before deal.renewal_on`),
    every: phrase(`every ${'monday-'.repeat(15_000)} at 09:00`),
    'a duration': step('wait', `${'9'.repeat(long)} days`),
    'an ISO duration': step('wait', `P${'9Y'.repeat(20_000)}`),
    'huge days': step('wait', '99999999999999 days'),
    'an old moment': step('wait_until', 'deal.renewal_on - 99999999 weeks'),
    'a moment': step('wait_until', `${'tuesday '.repeat(12_000)}09:00`),
    'a template': step('send', 'a'.repeat(long)),
    'an id': `${head}  - id: ${'a'.repeat(long)}\n    exit: ${'b'.repeat(long)}\n`,
  };
  return Object.entries(made).map(([name, text]) => ({ name, kind: 'workflow', text }));
}

function declarations(): Hostile[] {
  const fields = Array.from({ length: 8000 }, (_, i) => `  f${i}: number`).join('\n');
  const texts: { readonly [file: string]: readonly string[] } = {
    'facts.yaml': [
      `contact:\n${fields}`,
      'contact: { __proto__: text, constructor: text }',
      'contact: []',
      times(9000, '- a\n'),
    ],
    'pipelines.yaml': [
      `pipelines: { s: { stages: [${times(12_000, 'A, ')}B] } }`,
      'pipelines: { __proto__: { stages: [A] } }',
    ],
    'teams.yaml': [
      `teams: { ${Array.from({ length: 3000 }, (_, i) => `t${i}: { members: [nobody] }`).join(', ')} }`,
    ],
    'calendars/x.yaml': [
      `calendar: x\nhours: { monday: "${times(20_000, '09:00-10:00, ')}" }`,
      `calendar: x\ninclude: [x]\ndays: { 9999999999-99-99: closed, 0000-00-00: closed }`,
      `calendar: x\nzone: ${'Europe/'.repeat(10_000)}`,
    ],
    'policy.yaml': ['caps: { all: 99999999999999999999 per 1 ms }', times(40_000, 'a: [')],
  };
  return Object.entries(texts).flatMap(([name, list]) =>
    list.map((text): Hostile => ({ name, kind: 'declaration', text })),
  );
}

function liquid(): Hostile[] {
  const top = '---\nsubject: a\npreheader: b\ntransactional: true\n---\n';
  const section = (body: string) =>
    `${top}<mj-section><mj-column><mj-text>${body}</mj-text></mj-column></mj-section>`;
  const nested = (n: number) => `${times(n, '{% for a in (1..1000) %}')}x${times(n, '{% endfor %}')}`;
  const made: { readonly [name: string]: string } = {
    loops: section(nested(6)),
    'a range': section('{% for a in (1..999999999) %}x{% endfor %}'),
    growing: section(`{% assign a = "x" %}${times(60, '{% assign a = a | append: a %}')}{{ a }}`),
    'deep ifs': section(`${times(5000, '{% if a %}')}${times(5000, '{% endif %}')}`),
    'open tags': section(times(20_000, '{% if a %}')),
    'open outputs': section(times(60_000, '{{')),
    filters: section(`{{ contact.email ${times(10_000, '| upcase ')} }}`),
    indexes: section(`{{ contact${times(10_000, '[0]')} }}`),
    reaching: section('{{ contact.__proto__.polluted }}{{ contact.constructor.constructor }}'),
    'raw and files': section('{% render "../../etc/passwd" %}{% include "a" %}{% raw %}{{ a }}{% endraw %}'),
    includes: `${top}${times(5000, '<mj-include path="a.mjml" />')}`,
    'nested mjml': `${top}${times(3000, '<mj-section>')}`,
    'no mjml': `${top}${times(100_000, '<')}`,
    entities: section(times(30_000, '&lt;&#x41;&amp')),
    'a head': `---\n${times(20_000, 'subject: x\n')}---\n`,
    'a long subject': `---\nsubject: ${times(30_000, '{{ a | upcase }} ')}\ntransactional: true\n---\n<mj-section/>`,
  };
  return Object.entries(made).map(([name, text]) => ({ name, kind: 'template', text }));
}

/** A shipped file in which bytes, lines and indents were changed. */
function mutations(count: number, dice: Dice): Hostile[] {
  const shipped = ['objections', 'welcome', 'renewal', 'facts', 'policy'].map((name) => ({
    kind: name === 'facts' || name === 'policy' ? ('declaration' as const) : ('workflow' as const),
    name: `${name}.yaml`,
    text: readFileSync(join('workflows', `${name}.yaml`), 'utf8'),
  }));
  const signs = [...'{}[]:,&*!|>\'"%@`#-?\n\t \\\0é😀'];
  return Array.from({ length: count }, (): Hostile => {
    const file = shipped[dice.below(shipped.length)] ?? { kind: 'workflow' as const, name: 'none', text: '' };
    let { text } = file;
    for (let n = 0; n <= dice.below(12); n++) {
      const at = dice.below(text.length + 1);
      const sign = signs[dice.below(signs.length)] ?? ' ';
      const cut = dice.below(3) === 0 ? dice.below(40) : 0;
      text = `${text.slice(0, at)}${dice.below(2) === 0 ? sign : text.slice(at, at + 20)}${text.slice(at + cut)}`;
    }
    return { ...file, text };
  });
}

export function hostileInputs(mutated: number, dice: Dice): Hostile[] {
  return [
    ...yaml.map((text, i): Hostile => ({ name: `yaml ${i}`, kind: 'workflow', text })),
    ...prototypes(),
    ...bombs(),
    ...values(),
    ...declarations(),
    ...liquid(),
    ...mutations(mutated, dice),
  ];
}
