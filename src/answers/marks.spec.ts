import { unmarked } from './marks.js';

const ID = '0198f2c4-d1e2-7abc-8def-0123456789ab';

describe('unmarked', () => {
  it('takes marks out and tells what they name, each once', () => {
    const marked = `{"a":{"@":"product:${ID}","name":"x","b":[{"@":"category:1","n":1},{"@":"product:${ID}","n":2}]}}`;
    const { text, things } = unmarked(marked);
    expect(text).toBe('{"a":{"name":"x","b":[{"n":1},{"n":2}]}}');
    expect([...things]).toEqual([`product:${ID}`, 'category:1']);
  });

  it('leaves a text without marks as it is', () => {
    const { text, things } = unmarked('{"shop":{"name":"@"}}');
    expect([text, things.size]).toEqual(['{"shop":{"name":"@"}}', 0]);
  });

  it('takes nothing that people have written for a mark', () => {
    const hostile = [
      '{"@":"product:1",',
      '"@":"',
      '{"@":"',
      '\\{"@":"x",\\',
      '{"@"',
      '@',
      '":"@":{"@":"',
      '\u2028{"@":"a",',
    ];
    const data = { list: hostile.map((name) => ({ name, [`n${hostile.indexOf(name)}`]: hostile })) };
    const text = JSON.stringify(data);
    expect(unmarked(text)).toEqual({ text, things: new Set() });
    const marked = text.replaceAll('{"name"', `{"@":"product:${ID}","name"`);
    expect(unmarked(marked)).toEqual({ text, things: new Set([`product:${ID}`]) });
  });
});
