// Redis addresses in their three forms, and what is said of those that are none.
import { expect, it } from 'vitest';
import { parseRedisUrl } from '../../workers/queues-url.ts';

it.each([
  ['redis://localhost', { kind: 'single', hosts: [{ host: 'localhost', port: 6379 }], tls: false, db: 0 }],
  ['redis://r.example:6380/3', { kind: 'single', hosts: [{ host: 'r.example', port: 6380 }], db: 3 }],
  ['redis://[::1]:6380', { hosts: [{ host: '::1', port: 6380 }] }],
  ['rediss://anna:p%40ss%3Aword@r.example', { tls: true, username: 'anna', password: 'p@ss:word' }],
  ['redis://:secret@r.example', { username: '', password: 'secret' }],
  [
    'redis+sentinel://:pw@a:26379,b/main/2?sentinel_password=s',
    {
      kind: 'sentinel',
      hosts: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 26379 },
      ],
      name: 'main',
      db: 2,
      password: 'pw',
      sentinelPassword: 's',
    },
  ],
  [
    'rediss+cluster://a:7000,b:7001',
    {
      kind: 'cluster',
      tls: true,
      hosts: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
      ],
    },
  ],
])('%s is read', (text, expected) => {
  expect(parseRedisUrl(text)).toMatchObject(expected);
});

it.each([
  ['http://localhost', /is not one of redis:\/\/host/],
  ['redis://a:1,b:2', /several hosts: write redis\+sentinel/],
  ['redis+sentinel://a:1', /lacks the name of the master/],
  ['redis://a:1/first', /where a database number stands/],
  ['redis://a:port', /host:port/],
])('%s is refused in one line that helps', (text, complaint) => {
  expect(() => parseRedisUrl(text)).toThrow(complaint);
});

it('a complaint never repeats the password', () => {
  expect(() => parseRedisUrl('redis://u:secret@a:port')).toThrow(/^(?!.*secret).*$/);
  expect(() => parseRedisUrl('redi://u:secret@a:1')).toThrow(/^(?!.*secret).*$/);
});
