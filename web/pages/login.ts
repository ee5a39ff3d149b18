// Asks for an API key, once in half a day, where the pages are not reached from the machine itself.
import { html } from './html.ts';
import { letterPage } from './layout.ts';

export function loginPage(next: string, wrong: string | null): string {
  return letterPage(
    'en',
    'Sign in · Voronka',
    'Voronka',
    html`<h1>Sign in</h1>
<p>These pages show contacts and mails. Show an API key that may read; <code>voronka key create --scope read</code> makes one.</p>
${wrong !== null && html`<p class="wrong" role="alert">${wrong}</p>`}
<form method="post" action="/login">
<input type="hidden" name="next" value="${next}">
<label for="key">API key</label>
<input id="key" name="key" type="password" autocomplete="current-password" required autofocus spellcheck="false">
<button>Sign in</button>
</form>`,
  );
}
