import { expect, it } from 'vitest';
import { html } from '../../web/pages/html.ts';

it('text is escaped for a body and for a quoted attribute alike', () => {
  const text = `<script>"&'`;
  expect(html`<a title="${text}">${text}</a>`.text).toBe(
    '<a title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;</a>',
  );
});

it('what the tag made goes in as it stands, however deep, and lists print one after another', () => {
  expect(html`<ul>${['a<', 'b'].map((one) => html`<li>${one}</li>`)}</ul>`.text).toBe(
    '<ul><li>a&lt;</li><li>b</li></ul>',
  );
});

it('nothing is printed for what is not there, and zero is a number', () => {
  expect(html`${null}${undefined}${false}${0}`.text).toBe('0');
});

it('an object that looks like made HTML but came from JSON is not trusted', () => {
  const forged = JSON.parse('{"text": "<script>"}');
  expect(html`${forged}`.text).not.toContain('<script>');
});
