// The head of a template: `key: value` lines between two `---` lines at the very top of the file. A value is the rest of
// its line, taken as it stands (Liquid included); quotes around the whole of it are read as YAML reads them.
import { suggest } from '../engine/spelling.ts';
import { utmKeys } from '../engine/utm.ts';
import type { Report } from './codes.ts';
import { placeIn, type SourceFile } from './source.ts';

export interface Head {
  readonly subject: Text;
  readonly preheader: Text | null;
  /** The consent it needs; null: transactional. */
  readonly topic: string | null;
  readonly topicAt: number;
  /** The layout named, or null for the default one. */
  readonly layout: string | null;
  /** Facts it declares that it uses; null: whatever is found. */
  readonly uses: readonly string[] | null;
  /** What is said of where a visitor came from, on every https link: source, medium, campaign, term, content. */
  readonly utm: Readonly<Record<string, string>>;
  /** Where the body begins in the file. */
  readonly bodyAt: number;
  /** The form that it links to, of forms.yaml. */
  readonly form: Text | null;
}

/** A piece of Liquid and where it begins in its file. */
export interface Text {
  readonly text: string;
  readonly at: number;
}

const KEYS = ['subject', 'preheader', 'topic', 'transactional', 'layout', 'uses', 'utm', 'form'];
const EXAMPLE =
  '---\nsubject: Welcome, {{ contact.first_name | default: "friend" }}\npreheader: ...\ntopic: marketing\n---';

/** The head, or null where it cannot be used; what is wrong has been reported. */
export function readHead(file: SourceFile, report: Report): Head | null {
  const open = /^---[ \t]*\r?\n/.exec(file.text);
  const close = open && /^---[ \t]*(?:\r?\n|$)/m.exec(file.text.slice(open[0].length));
  if (!open || !close) {
    report(
      'template-head',
      placeIn(file, 0),
      'The file does not begin with a head',
      `Begin it with:\n${EXAMPLE}`,
    );
    return null;
  }
  const bodyAt = open[0].length + close.index + close[0].length;
  const values = readLines(file, open[0].length, open[0].length + close.index, report);
  const complain: Complain = (key, message, hint) =>
    report('template-head', placeIn(file, values.get(key)?.at ?? 0), message, hint);

  const subject = values.get('subject');
  const topic = values.get('topic');
  const transactional = values.get('transactional');
  if (!subject?.text) complain('subject', 'The head has no subject', 'subject: What the mail is about');
  if (transactional !== undefined && transactional.text !== 'true')
    complain(
      'transactional',
      `transactional is true or not there, not ${transactional.text}`,
      'Marketing mail says: topic: marketing',
    );
  if ((topic === undefined) === (transactional === undefined))
    complain(
      'topic',
      'The head says one of topic and transactional',
      'topic: marketing, or for mail that needs no consent: transactional: true',
    );
  if (topic !== undefined && !/^[a-z][a-z0-9_-]*$/.test(topic.text))
    complain('topic', `"${topic.text}" is no topic: small letters, digits, - and _`, 'topic: marketing');
  if (!subject?.text || (topic === undefined) === (transactional === undefined)) return null;
  return {
    subject,
    preheader: values.get('preheader') ?? null,
    topic: topic?.text ?? null,
    topicAt: topic?.at ?? 0,
    layout: values.get('layout')?.text ?? null,
    uses:
      values
        .get('uses')
        ?.text.split(',')
        .map((one) => one.trim())
        .filter(Boolean) ?? null,
    form: values.get('form') ?? null,
    utm: readUtm(values.get('utm')?.text ?? '', complain),
    bodyAt,
  };
}

type Complain = (key: string, message: string, hint?: string) => void;

/** `campaign=spring, source=newsletter`. */
function readUtm(text: string, complain: Complain): Record<string, string> {
  const pairs = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .flatMap((part) => {
      const [, key = '', value = ''] = /^([a-z]+)\s*=\s*([^\s{}]+)$/.exec(part) ?? [];
      if (utmKeys.includes(key)) return [[key, value] as const];
      const hint = suggest(key, utmKeys) ?? 'utm: source=newsletter, campaign=spring';
      complain('utm', `"${part}" is no tag: ${utmKeys.join(', ')}, each with = and a word`, hint);
      return [];
    });
  return Object.fromEntries(pairs);
}

/** Where topics are declared, a head names one of them. */
export function checkTopic(file: SourceFile, head: Head, topics: readonly string[], report: Report): void {
  if (head.topic === null || topics.length === 0 || topics.includes(head.topic)) return;
  const message = `policy.yaml has no topic "${head.topic}"`;
  report('template-topic', placeIn(file, head.topicAt), message, suggest(head.topic, topics));
}

function readLines(file: SourceFile, from: number, to: number, report: Report): Map<string, Text> {
  const values = new Map<string, Text>();
  for (const match of file.text.slice(from, to).matchAll(/^(.*?)\r?$/gm)) {
    const line = match[1] ?? '';
    const at = from + match.index;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const pair = /^([A-Za-z_]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    const key = pair?.[1] ?? '';
    if (pair === null)
      report(
        'template-head',
        placeIn(file, at),
        `"${line.trim()}" is not key: value`,
        `Known keys: ${KEYS.join(', ')}`,
      );
    else if (!KEYS.includes(key))
      report('template-head', placeIn(file, at), `The head knows no "${key}"`, suggest(key, KEYS));
    else if (values.has(key)) report('template-head', placeIn(file, at), `"${key}" stands in the head twice`);
    else values.set(key, unquoted(pair[2] ?? '', at + line.indexOf(pair[2] ?? '', key.length + 1)));
  }
  return values;
}

/** Quotes as YAML has them: 'it''s' and "say \\"it\\"". */
function unquoted(text: string, at: number): Text {
  if (/^'(?:[^']|'')*'$/.test(text)) return { text: text.slice(1, -1).replaceAll("''", "'"), at: at + 1 };
  if (/^"(?:[^"\\]|\\.)*"$/.test(text))
    return { text: text.slice(1, -1).replace(/\\(.)/g, '$1'), at: at + 1 };
  return { text, at };
}
