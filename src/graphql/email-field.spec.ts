import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { EmailField } from './email-field.js';

class Letter {
  @EmailField('To whom.')
  to: string;

  @EmailField('Who else.', { nullable: true })
  copy?: string | null;
}

/** The letter behind the validation, or the names of its wrong fields. */
function read(plain: object): Letter | string[] {
  const letter = plainToInstance(Letter, plain);
  const problems = validateSync(letter);
  return problems.length > 0 ? problems.map(({ property }) => property) : letter;
}

const LONGEST = `${'x'.repeat(242)}@example.com`;

describe('an e-mail field', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    [' \tAda.Lovelace+Shop@EXAMPLE.com\n', 'ada.lovelace+shop@example.com'],
    [LONGEST.toUpperCase(), LONGEST],
  ])('takes %j', (to, kept) => {
    expect(read({ to })).toEqual({ to: kept });
  });

  it.each(['', ' ', 'ada', 'ada@', '@example.com', 'a b@example.com', 'a@b@c', 'a@-b.com', `x${LONGEST}`, null, 7])(
    'refuses %j',
    (to) => {
      expect(read({ to })).toEqual(['to']);
    },
  );

  it('may be left out only where it is nullable', () => {
    const to = 'ada@example.com';
    expect([read({ to, copy: null }), read({ to })]).toEqual([{ to, copy: null }, { to }]);
    expect(read({ to, copy: '' })).toEqual(['copy']);
    expect(read({ copy: to })).toEqual(['to']);
  });
});
