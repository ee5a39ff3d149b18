// Tokens (TRIALS F19): nothing that was not signed for this purpose, by a key of ours, is believed.
import { describe, expect, it } from 'vitest';
import { type Key, sign, signAddress, verify, verifyAddress } from '../../mail/links.ts';

const old: Key = { id: 'k1', secret: 'the first secret of this house' };
const fresh: Key = { id: 'k2', secret: 'the second secret of this house' };

describe('a link token', () => {
  it('says the id it was signed for, and nothing else', () => {
    const token = sign('unsubscribe', '1042:marketing', [fresh]);
    expect(token).toMatch(/^[A-Za-z0-9._:-]+$/);
    expect(verify(token, 'unsubscribe', [fresh])).toEqual({ id: '1042:marketing', expiresAt: null });
  });

  it('carries its end, in whole seconds', () => {
    const token = sign('confirm', '7', [fresh], 1_790_000_000_500);
    expect(verify(token, 'confirm', [fresh])).toEqual({ id: '7', expiresAt: 1_790_000_000_000 });
  });

  it('does not pass for another purpose', () => {
    expect(verify(sign('unsubscribe', '7', [fresh]), 'click', [fresh])).toBeNull();
  });

  it('outlives the rotation of its key, and dies with the key', () => {
    const token = sign('click', '7', [old]);
    expect(verify(token, 'click', [fresh, old])).toEqual({ id: '7', expiresAt: null });
    expect(verify(token, 'click', [fresh])).toBeNull();
  });

  it('is refused with any one character changed', () => {
    const token = sign('click', '1042', [fresh, old], 1_790_000_000_000);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:';
    let [tried, accepted] = [0, 0];
    for (let i = 0; i < token.length; i += 1)
      for (const letter of alphabet) {
        if (letter === token[i]) continue;
        tried += 1;
        if (verify(token.slice(0, i) + letter + token.slice(i + 1), 'click', [fresh, old])) accepted += 1;
      }
    expect(tried).toBeGreaterThan(2000);
    expect(accepted).toBe(0);
  });

  it('answers null to rubbish of any length', () => {
    for (const rubbish of ['', '.', '...', 'k2.7..', `k2.7..${'A'.repeat(5000)}`, '\0', 'k2.../../..x'])
      expect(verify(rubbish, 'click', [fresh])).toBeNull();
  });

  it('refuses to sign an id that is not an id', () => {
    expect(() => sign('click', 'anna@acme.example', [fresh])).toThrow(/may hold/);
    expect(() => sign('click', '7', [])).toThrow(/at least one/);
  });
});

describe('an address token', () => {
  it('fits a local part, survives a change of case, and is bound to its purpose', () => {
    const local = signAddress('bounce', '9223372036854775807', [fresh]);
    expect(local.length + 'b+'.length).toBeLessThanOrEqual(64);
    expect(verifyAddress(local.toUpperCase(), 'bounce', [fresh, old])).toBe('9223372036854775807');
    expect(verifyAddress(local, 'message', [fresh])).toBeNull();
    expect(verifyAddress(local.replace(/^./, '8'), 'bounce', [fresh])).toBeNull();
    expect(verifyAddress(signAddress('bounce', '7', [old]), 'bounce', [fresh, old])).toBe('7');
  });
});
