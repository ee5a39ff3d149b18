import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../cli/config.ts';
import { settingNames, settings } from '../../cli/settings.ts';

const complaintOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    return String((error as Error).message);
  }
  return '';
};

describe('the configuration', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toMatchObject({ databaseUrl: null, redisUrl: null, smtpUrl: null, port: 3000 });
  });

  it('says everything that is wrong at once', () => {
    const text = complaintOf({ PORT: 'eighty', DATABASE_URL: 'mysql://x', VORONKA_SECRET: 'short' });
    expect(text).toMatch(/PORT "eighty" is not a whole number from 0 to 65535/);
    expect(text).toMatch(/DATABASE_URL is not an address of the form postgres:/);
    expect(text).toMatch(/VORONKA_SECRET has a key of under 32 characters/);
  });

  it('never repeats an address that may hold a password', () => {
    expect(complaintOf({ DATABASE_URL: 'mysql://user:hunter2@host' })).not.toContain('hunter2');
  });

  it.each([
    ['VORONKA_HOEM', 'VORONKA_HOME'],
    ['REDIS_URI', 'REDIS_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
  ])('%s is taken for %s', (wrong, right) => {
    expect(complaintOf({ [wrong]: 'x' })).toContain(`${wrong} is not known; did you mean ${right}?`);
  });

  it('leaves the variables of others alone', () => {
    expect(
      complaintOf({
        PATH: '/bin',
        MAIL: '/var/mail/root',
        SMTP_USER: 'u',
        HOSTNAME: 'box',
        POST: '1',
        REDIS_URL: 'redis://h',
        REDIS_URI: 'redis://h',
      }),
    ).toBe('');
  });

  it('takes an empty variable for an unset one', () => {
    expect(readConfig({ REDIS_URL: '', PORT: ' ' })).toMatchObject({ redisUrl: null, port: 3000 });
  });

  it.each([
    ['Acme GmbH <hello@acme.example>', { name: 'Acme GmbH', address: 'hello@acme.example' }],
    ['"Acme, Inc" <hello@acme.example>', { name: 'Acme, Inc', address: 'hello@acme.example' }],
    ['hello@acme.example', { name: '', address: 'hello@acme.example' }],
  ])('reads the sender %s', (text, mailbox) => {
    expect(readConfig({ MAIL_FROM: text }).identity.from).toEqual(mailbox);
  });

  it('refuses a sender that is no address', () => {
    expect(complaintOf({ MAIL_FROM: 'Acme' })).toContain('MAIL_FROM "Acme" is not an address');
  });

  it('takes what proves mail providers, and says which place of it is wrong without repeating a key', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const topic = 'arn:aws:sns:eu-central-1:123456789012:mails';
    const { providerKeys } = readConfig({ SES_TOPICS: `${topic}, ${topic}2`, SENDGRID_WEBHOOK_KEY: key });
    expect(providerKeys).toMatchObject({ sesTopics: [topic, `${topic}2`], mailgun: null });
    expect(providerKeys.sendgrid?.asymmetricKeyType).toBe('ec');
    const wrong = { SES_TOPICS: `${topic} mails`, SENDGRID_WEBHOOK_KEY: 'canary', MAIL_PROVIDER: 'sengrid' };
    expect(complaintOf(wrong)).toMatch(/SES_TOPICS has no topic in place 2/);
    expect(complaintOf(wrong)).toMatch(
      /MAIL_PROVIDER "sengrid" is not one of ses, sendgrid, postmark, mailgun/,
    );
    expect(complaintOf(wrong)).toMatch(/SENDGRID_WEBHOOK_KEY is not the verification key/);
    expect(complaintOf(wrong)).not.toContain('canary');
  });

  it('stands in the README as it is', () => {
    const readme = readFileSync('README.md', 'utf8');
    for (const name of settingNames)
      expect(readme).toContain(
        `| \`${name}\` | ${settings[name].fallback ? `\`${settings[name].fallback}\`` : ''} | ${settings[name].text} |`,
      );
  });
});
