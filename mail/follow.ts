// Where a tracked link leads for one contact: its target rendered with the facts, as composing would have rendered it. The
// author wrote scheme and host (lint sees to that), so facts can only fill in what comes after them. Pure.
import type { Facts } from '../engine/step.ts';
import { cleaned } from './facts.ts';
import { render, textLiquid } from './liquid.ts';

/** Whether it leads one contact elsewhere than another. */
export function isPersonal(url: string): boolean {
  return /\{[{%]/.test(url);
}

/** `facts` null: nothing is known of the contact any more, and what its link said of it stays empty. null: no address. */
export function followTarget(url: string, facts: Facts | null): string | null {
  if (!isPersonal(url)) return hrefOf(url);
  const scope = {
    contact: cleaned(facts?.contact ?? {}),
    deal: cleaned(facts?.deal ?? {}),
    locale: typeof facts?.contact.locale === 'string' ? facts.contact.locale : 'en',
  };
  const home = hrefOf(/^https:\/\/[^/?#{]+/i.exec(url)?.[0] ?? '');
  const rendered = hrefOf(render(textLiquid, textLiquid.parse(url), scope));
  if (home === null || rendered === null) return home;
  return new URL(rendered).origin === new URL(home).origin ? rendered : home;
}

/** In ASCII, as a header needs it. */
function hrefOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).href : null;
}
