// The catcher, as a sender and as a reader see it.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Catcher, type CatcherOptions, startCatcher } from '../../mail/catcher.ts';
import { message, openTo, yes } from './outgoing.ts';

const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const start = async (options: CatcherOptions = {}): Promise<Catcher> => {
  const catcher = await startCatcher(options);
  closings.push(() => catcher.close());
  return catcher;
};
const post = async (catcher: Catcher, ...messages: ReturnType<typeof message>[]) => {
  const transport = openTo(catcher.url);
  const replies = [];
  for (const one of messages) replies.push(await transport.send(one, yes));
  await transport.close();
  return replies;
};

describe('the catcher', () => {
  it('shows what it took: in a list, as HTML, as text, as it came', async () => {
    const catcher = await start();
    const one = message({ subject: 'Насосы для вас', html: '<p>Здравствуйте</p>', text: 'Здравствуйте\n' });
    expect(await post(catcher, one)).toMatchObject([{ is: 'accepted' }]);
    expect(catcher.accepted).toBe(1);
    const [summary] = catcher.messages();
    expect(summary).toEqual({
      id: '1',
      at: one.at,
      from: 'Acme <hello@acme.example>',
      to: `Анна <${one.to.address}>`,
      subject: 'Насосы для вас',
    });
    const mail = await catcher.message('1');
    expect([mail?.html?.trim(), mail?.text?.trim()]).toEqual(['<p>Здравствуйте</p>', 'Здравствуйте']);
    expect(mail?.source).toContain(`Message-ID: ${one.messageId}`);
    expect(await catcher.message('2')).toBeNull();
  });

  it('refuses the dead as their own server would', async () => {
    const catcher = await start({ isDead: (address) => address.startsWith('dead') });
    const dead = message({ envelope: { from: 'a@acme.example', to: 'dead.17@beta.example' } });
    const replies = await post(catcher, dead, message());
    expect(replies).toMatchObject([
      { is: 'rejected', code: 550, enhanced: '5.1.1', phase: 'rcpt' },
      { is: 'accepted' },
    ]);
    expect(catcher.accepted).toBe(1);
  });

  it('keeps the newest, and counts them all', async () => {
    const catcher = await start({ keep: 2 });
    await post(catcher, message(), message(), message());
    expect(catcher.messages().map(({ id }) => id)).toEqual(['3', '2']);
    expect(catcher.accepted).toBe(3);
    expect(await catcher.message('1')).toBeNull();
  });

  it('with a folder keeps mails as files, and finds them again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voronka-catcher-'));
    closings.push(() => rm(folder, { recursive: true }));
    const first = await startCatcher({ folder, keep: 2 });
    await post(first, message(), message(), message({ text: 'the third\n' }));
    await first.close();
    expect(await readdir(folder)).toEqual(['00000002.eml', '00000003.eml']);
    const second = await start({ folder, keep: 2 });
    expect(second.messages().map(({ id }) => id)).toEqual(['3', '2']);
    expect((await second.message('3'))?.text?.trim()).toBe('the third');
    await post(second, message());
    expect(second.messages().map(({ id }) => id)).toEqual(['4', '3']);
  });

  it('says when its port is taken', async () => {
    const catcher = await start();
    await expect(startCatcher({ port: Number(new URL(catcher.url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
