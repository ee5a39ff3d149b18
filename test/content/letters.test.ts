// The letters that are shipped: complete in both languages, and presentable whoever they go to.
import { describe, expect, it } from 'vitest';
import { compileTemplates } from '../../mail/library.ts';
import { known, readFiles, unknown, write } from './shipped.ts';

const files = readFiles('templates', '.mjml');
const { templates, diagnostics } = await compileTemplates(files);
const letters = templates.flatMap((template) =>
  [known, unknown].map((facts) => ({ template, message: write(template, facts) })),
);
const names = [...new Set(templates.map((template) => template.name))];
const failing = (fails: (letter: (typeof letters)[number]) => boolean) =>
  letters.filter(fails).map(({ template }) => `${template.name}.${template.locale}`);

describe('the shipped letters', () => {
  it('compile without a word from the linter', () => {
    expect(templates.length).toBeGreaterThan(0);
    expect(diagnostics).toEqual([]);
  });

  it.each(names)('%s is there in English and in Russian, under one topic', (name) => {
    const own = templates.filter((template) => template.name === name);
    expect(own.map((template) => template.locale).sort()).toEqual(['en', 'ru']);
    expect(new Set(own.map((template) => template.topic)).size).toBe(1);
  });

  it('leave no Liquid in what is sent', () => {
    expect(
      failing(({ message }) =>
        /\{\{|\{%|undefined|\[object/.test(message.subject + message.html + message.text),
      ),
    ).toEqual([]);
  });

  it('greet whoever they are sent to, with a name or without', () => {
    const greeting = /^(Hello (Anna|there),|Здравствуйте, (Anna|коллега)!)$/m;
    expect(failing(({ message }) => !greeting.test(message.text))).toEqual([]);
  });

  it('have no gaps where a fact is unknown', () => {
    expect(
      failing(({ message }) =>
        /[«“(]\s*[»”)]|\s[,.!?](?=\s|$)|[ ]{2,}\S/m.test(message.text.replace(/^ +/gm, '')),
      ),
    ).toEqual([]);
  });

  it('are written in the language they claim', () => {
    const isCyrillic = (text: string) => (text.match(/[а-яё]/gi) ?? []).length > text.length / 3;
    expect(
      failing(({ template, message }) => isCyrillic(message.text) !== (template.locale === 'ru')),
    ).toEqual([]);
    expect(failing(({ template, message }) => !message.html.includes(`lang="${template.locale}"`))).toEqual(
      [],
    );
  });

  it('are far below the size at which Gmail cuts', () => {
    expect(failing(({ message }) => Buffer.byteLength(message.html) >= 80_000)).toEqual([]);
  });

  it('say who sent them and why, and marketing says how to stop it', () => {
    expect(failing(({ message }) => !message.text.includes('12 Harbour Street'))).toEqual([]);
    expect(failing(({ message }) => !/You get this|Вы получили|вы получили/.test(message.text))).toEqual([]);
    expect(
      failing(
        ({ template, message }) =>
          (template.topic !== null) !== message.text.includes('https://mail.acme.example/u/'),
      ),
    ).toEqual([]);
  });

  it('show a subject and a preheader that inboxes need not cut', () => {
    expect(failing(({ message }) => message.subject.length > 60 || message.subject.length < 10)).toEqual([]);
    expect(
      failing(
        ({ message }) => (/display:none[^>]*>([^<]*)</.exec(message.html)?.[1] ?? '').trim().length < 20,
      ),
    ).toEqual([]);
  });

  it('have a dark scheme, a heading, and no text below 14 pixels', () => {
    expect(failing(({ message }) => !message.html.includes('prefers-color-scheme: dark'))).toEqual([]);
    expect(failing(({ message }) => (message.html.match(/<h1/g) ?? []).length !== 1)).toEqual([]);
    const sizes = (html: string) =>
      [...html.matchAll(/font-size:\s*(\d+)px/g)].map((match) => Number(match[1]));
    // Columns are laid out in boxes of size 0, and hidden previews of size 1: neither holds text.
    expect(failing(({ message }) => sizes(message.html).some((size) => size > 1 && size < 14))).toEqual([]);
  });

  it.each(names)('%s prints the same facts and leads to the same places in both languages', (name) => {
    const [english = '', russian = ''] = ['en', 'ru'].map(
      (locale) => files.find(({ path }) => path === `${name}.${locale}.mjml`)?.text ?? '',
    );
    const facts = (text: string) => [
      ...new Set(text.match(/\b(contact|deal|task|survey|links|identity)\.[a-zA-Z_]+/g)),
    ];
    expect(facts(russian).sort()).toEqual(facts(english).sort());
    const places = (text: string) =>
      [...text.matchAll(/href="(mailto:|https:|\{\{[^}]*\}\})/g)].map(([, to]) => to);
    expect(places(russian)).toEqual(places(english));
    const tags = (text: string) => text.match(/<(h[1-6]|li|ol|ul|mj-button)\b/g);
    expect(tags(russian)).toEqual(tags(english));
  });

  it('ask for one thing at most: they have one button or none', () => {
    const buttons = ({ text }: { text: string }) => text.match(/<mj-button/g)?.length ?? 0;
    expect(files.filter((file) => buttons(file) > 1).map(({ path }) => path)).toEqual([]);
  });

  it('are set as their language sets them: quotation marks, apostrophes and dashes', () => {
    const words = (message: { text: string; subject: string }) =>
      `${message.subject}\n${message.text}`.replace(/<[^>]*>/g, '');
    expect(failing(({ message }) => /["']| - |--|\.\.\.| ,/.test(words(message)))).toEqual([]);
    const foreign = { en: /[«»„]/, ru: /[“”]/ } as const;
    expect(
      failing(({ template, message }) => foreign[template.locale as 'en' | 'ru'].test(words(message))),
    ).toEqual([]);
  });
});
