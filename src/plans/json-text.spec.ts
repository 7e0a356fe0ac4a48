import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql';
import { JsonText } from './json-text.js';
import { constant } from './sql-json.js';

const STATE = new GraphQLEnumType({ name: 'State', values: { OPEN: {} } });

const written = (add: (json: JsonText) => void): string => {
  const json = new JsonText();
  add(json);
  return json.toSql();
};

describe('the SQL of a text of JSON', () => {
  it('joins what is known', () => {
    expect(written((json) => json.known('{').known('"a":').sql('x').known('}'))).toBe(`('{"a":' || x || '}')`);
  });

  it('takes in another text', () => {
    const inner = new JsonText().known('{"b":').sql('y').known('}');
    expect(written((json) => json.known('{"a":').text(inner).known('}'))).toBe(`('{"a":{"b":' || y || '}}')`);
  });

  it('doubles quotes and leaves backslashes', () => {
    expect(written((json) => json.known(String.raw`{"it's":"\n"}`))).toBe(String.raw`('{"it''s":"\n"}')`);
  });

  it('makes no chain of more than 100 parts, and keeps the order', () => {
    const numbers = Array.from({ length: 12_345 }, (_, n) => `x${n}`);
    const sql = written((json) => numbers.forEach((number) => json.sql(number)));
    expect(sql.match(/x\d+/g)).toEqual(numbers);
    const levels = (text: string): number => {
      const outer = text.replaceAll(/\(([^()]*)\)/g, (_, chain: string) => {
        expect(chain.split(' || ').length).toBeLessThanOrEqual(100);
        return 'one';
      });
      return outer === text ? 0 : 1 + levels(outer);
    };
    expect(levels(sql)).toBe(3);
  });

  it.each([
    ['a number', GraphQLInt, `coalesce((v)::text, 'null')`],
    ['a number that is there', new GraphQLNonNull(GraphQLInt), `coalesce((v)::text, 'null')`],
    ['true or false', new GraphQLNonNull(GraphQLBoolean), `coalesce((v)::text, 'null')`],
    ['an id', GraphQLID, `coalesce('"' || (v) || '"', 'null')`],
    ['an id that is there', new GraphQLNonNull(GraphQLID), `'"' || (v) || '"'`],
    ['an enum', new GraphQLNonNull(STATE), `'"' || (v) || '"'`],
    ['any text', GraphQLString, `coalesce(to_json(v)::text, 'null')`],
    ['any text that is there', new GraphQLNonNull(GraphQLString), `coalesce(to_json(v)::text, 'null')`],
    ['a list of texts', new GraphQLList(GraphQLString), `coalesce(to_json(v)::text, 'null')`],
    ['a list of ids', new GraphQLNonNull(new GraphQLList(GraphQLID)), `coalesce(to_json(v)::text, 'null')`],
  ])('%s', (_, type, sql) => {
    expect(written((json) => json.leaf(type, 'v'))).toBe(`(${sql})`);
  });

  it('escapes a text that is known', () => {
    const text = `"it's" \\ \u0000\n😀`;
    const sql = written((json) => json.known('{"a":').leaf(GraphQLString, constant(text)).known('}'));
    expect(sql).toBe(String.raw`('{"a":"\"it''s\" \\ \u0000\n😀"}')`);
  });
});
