import { describe, expect, it } from 'vitest';
import { findFlaw, parseJson } from '../../web/json.ts';

const shape = { depth: 4, keys: 10, text: 20 };

describe('parsing', () => {
  it('says where it stumbled and repeats nothing of the body', () => {
    const wrong = parseJson('{\n  "email": anna@acme.example\n}');
    expect(wrong).toHaveProperty('wrong');
    expect(JSON.stringify(wrong)).not.toContain('anna');
  });
});

describe('looking over', () => {
  it.each([
    ['{"a": {"b": [1, "two", null, true]}}', null],
    ['{"a": {"b": {"c": {"d": 1}}}}', null],
    ['{"a": {"b": {"c": {"d": {}}}}}', 'a.b.c.d'],
    ['{"a": [1,2,3,4,5,6,7,8,9,10,11]}', 'a'],
    ['{"a": {"__proto__": {"admin": true}}}', 'a.__proto__'],
    ['{"constructor": 1}', 'constructor'],
    ['{"a": {"prototype": 1}}', 'a.prototype'],
    ['{"a": "\\u0000"}', 'a'],
    ['{"a": ["fine", "\\ud800"]}', 'a.1'],
    ['{"a": {"\\udfff": 1}}', 'a'],
    ['{"a": 1e999}', 'a'],
    ['{"a": "123456789012345678901"}', 'a'],
    ['"\\ud83d\\ude00"', null],
  ])('%s has its flaw at %s', (text, path) => {
    expect(findFlaw(JSON.parse(text), shape)?.path ?? null).toBe(path);
  });

  it('a million brackets are refused without a stack to overflow', () => {
    const deep = JSON.parse(`${'['.repeat(500_000)}${']'.repeat(500_000)}`);
    expect(findFlaw(deep, shape)?.reason).toContain('deeper than 4');
  });
});
