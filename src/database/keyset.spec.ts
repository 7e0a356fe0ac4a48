import { cursorOf, keysetWindow, pageOf, type KeysetSort, type PageRequest } from './keyset.js';

const byName: KeysetSort = { name: 'shelf:NAME', expression: 'lower(s.name)', type: 'text', direction: 'ASC' };
const id = '0198f2c4-d1e2-7abc-8def-0123456789ab';

const windowOf = (request: PageRequest, sort = byName) => {
  const params: unknown[] = [];
  const bind = (value: unknown) => `$${params.push(value)}`;
  return { ...keysetWindow(sort, 's.id', request, bind), params };
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('keyset paging', () => {
  it('fetches one row more than the default page of 20', () => {
    expect(windowOf({})).toMatchObject({ where: 'TRUE', orderBy: 'lower(s.name) ASC, s.id ASC', limit: 21, offset: 0 });
  });

  it('goes on after a cursor with the same key and id', () => {
    const after = cursorOf(byName, { id, sortKey: 'amphora' });
    const window = windowOf({ first: 5, after });
    expect(window.where).toBe('(lower(s.name), s.id) > ($1::text, $2::uuid)');
    expect(window.params).toEqual(['amphora', id]);
  });

  it('walks backward in the reverse order and shows the page in the list order', () => {
    const window = windowOf({ last: 2, before: cursorOf(byName, { id, sortKey: 'm' }) });
    expect(window.orderBy).toBe('lower(s.name) DESC, s.id DESC');
    expect(window.where).toBe('(lower(s.name), s.id) < ($1::text, $2::uuid)');
    expect(pageOf(window, ['l', 'k', 'j'])).toEqual({ rows: ['k', 'l'], hasNextPage: true, hasPreviousPage: true });
  });

  it('knows the last page', () => {
    expect(pageOf(windowOf({ first: 2 }), ['a', 'b'])).toEqual({
      rows: ['a', 'b'],
      hasNextPage: false,
      hasPreviousPage: false,
    });
    expect(pageOf(windowOf({ first: 2, skip: 4 }), ['a', 'b', 'c']).hasPreviousPage).toBe(true);
  });

  it.each<[string, PageRequest]>([
    ['page size 0', { first: 0 }],
    ['page size 101', { first: 101 }],
    ['a negative size', { last: -1 }],
    ['a negative skip', { skip: -1 }],
    ['a skip of 10001', { skip: 10_001 }],
    ['first with last', { first: 1, last: 1 }],
    ['skip with a cursor', { skip: 1, after: 'x' }],
  ])('refuses %s', (_, request) => {
    expect(() => windowOf(request)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  it.each([
    ['another order', cursorOf({ ...byName, name: 'shelf:PRICE' }, { id, sortKey: 'a' })],
    ['no JSON', 'rubbish'],
    ['no list', encode({})],
    ['a key of another type', encode(['shelf:NAME', 7, id])],
    ['an id that is none', encode(['shelf:NAME', 'a', "' OR 1=1"])],
    ['a NUL byte', encode(['shelf:NAME', 'a\0', id])],
    ['an order by time and a day that is none', encode(['shelf:AGE', '2026-02-30T00:00:00.000Z', id])],
    ['a lone surrogate', encode(['shelf:NAME', 'a\ud800', id])],
  ])('refuses a cursor with %s', (_, after) => {
    const byAge: KeysetSort = { name: 'shelf:AGE', expression: 's.at', type: 'timestamptz', direction: 'DESC' };
    expect(() => windowOf({ after }, byAge)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
    expect(() => windowOf({ after })).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  });
});
