// States as small labels. The word carries the meaning; the colour only helps to find it.
import { type Html, html } from './html.ts';

const tones: { readonly [state: string]: string } = {
  sent: 'good',
  accepted: 'good',
  deferred: 'warn',
  unknown: 'warn',
  refused: 'bad',
};

export function mailTag(state: string): Html {
  return html`<span class="tag ${tones[state] ?? ''}">${state}</span>`;
}
