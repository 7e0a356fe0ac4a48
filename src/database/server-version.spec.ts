import { tooOld } from './server-version.js';

describe('version of PostgreSQL', () => {
  it.each([
    [180_000, '18.0'],
    [180_004, '18.4 (Debian 18.4-1)'],
    [200_001, '20.1'],
  ])('accepts %d', (number, text) => {
    expect(tooOld({ number, text })).toBeNull();
  });

  it('names the version that is too old, and what to do', () => {
    expect(tooOld({ number: 170_010, text: '17.10' })).toBe(
      'Souk needs PostgreSQL 18 or newer; DATABASE_URL leads to version 17.10. Leave DATABASE_URL away to use the embedded one.',
    );
  });
});
