// What Russian typography ties together, and what it leaves alone. `_` stands for the unbreakable space.
import { describe, expect, it } from 'vitest';
import { tieWords } from '../../mail/typography.ts';

const tied = (text: string, locale = 'ru') => tieWords(text, locale).replaceAll('\u00a0', '_');

describe('Russian words', () => {
  it.each([
    ['Мы не в курсе', 'Мы не_в_курсе'],
    ['И всё же лучше', 'И_всё_же лучше'],
    ['Цена — не главное', 'Цена_— не_главное'],
    ['через 3 недели, 12 × 3 часа', 'через 3_недели, 12_× 3_часа'],
    ['что-то из-за чего-нибудь', 'что\u2011то из\u2011за чего\u2011нибудь'],
    ['по-прежнему, во-первых, веб-форма', 'по‑прежнему, во‑первых, веб-форма'],
    ['Экспорт в 11:00 по Москве', 'Экспорт в_11:00_по_Москве'],
  ])('%s', (text, expected) => expect(tied(text)).toBe(expected));

  it('are tied between tags, and never inside them', () => {
    const html = '<style>.a .b { c: d }</style><p title="в доме">в <b>доме</b></p><!-- и в -->';
    expect(tied(html)).toBe('<style>.a .b { c: d }</style><p title="в доме">в <b>доме</b></p><!-- и в -->');
    expect(tied('<p>и <b>в доме</b></p>')).toBe('<p>и <b>в_доме</b></p>');
  });

  it('are left to their authors in other languages', () => {
    expect(tied('Ціна — не головне', 'uk')).toBe('Ціна — не головне');
    expect(tied('до 3 weeks', 'en')).toBe('до 3 weeks');
  });
});
