import { collected, constant, constantOf, globalId, idColumn, listOf, literal, member } from './sql-json.js';

describe('SQL of JSON', () => {
  it.each([
    ['', `''`],
    [`it's`, `'it''s'`],
    [`'; DROP TABLE products; --`, `'''; DROP TABLE products; --'`],
    [String.raw`\' back`, String.raw`'\'' back'`],
    ['😀\n\t', `'😀\n\t'`],
  ])('writes %j as a literal, and knows it again', (text, sql) => {
    expect(literal(text)).toBe(sql);
    expect(constant(text)).toBe(`${sql}::text`);
    expect(constantOf(constant(text))).toBe(text);
  });

  it.each([
    `t1.name`,
    `'a'`,
    `'a' || 'b'::text`,
    `'a'::text || t1.name || 'b'::text`,
    `lower('a'::text)`,
    `'a'''::text || ''::text`,
  ])('does not take %s for a constant', (sql) => {
    expect(constantOf(sql)).toBeNull();
  });

  it('writes ids, members and lists', () => {
    expect(globalId('order', 'x')).toBe(`'order_' || encode(uuid_send(x), 'hex')`);
    expect(idColumn('order', 'id')('t1', {} as never, {} as never)).toBe(globalId('order', 't1.id'));
    expect(member(`it's`)('t1.value', {} as never, {} as never)).toBe(`t1.value ->> 'it''s'`);
    expect(collected('j', null)).toBe(`('[' || coalesce(string_agg(j, ','), '') || ']')`);
    expect(listOf('j', 'products t1', 't1.id')).toBe(
      `(SELECT ('[' || coalesce(string_agg(coalesce(j, 'null'), ',' ORDER BY t1.id), '') || ']') FROM products t1)`,
    );
  });
});
