import { Readable } from 'node:stream';
import { jsonItems, jsonLines } from './json-rows.js';

async function read(text: string, how: typeof jsonItems): Promise<unknown[]> {
  const rows = [];
  // One byte at a time, so that every character is cut somewhere.
  const bytes = Readable.from(Array.from(Buffer.from(text), (byte) => Buffer.of(byte)));
  for await (const row of how(bytes)) rows.push('fault' in row ? [row.line, row.fault] : [row.line, [...row.cells]]);
  return rows;
}

describe('rows of a JSON file', () => {
  it('are the objects of an array, or of the lines', async () => {
    const lamp = '{"SKU":"é\u2028","units sold":1}';
    const cells = [
      ['sku', 'é\u2028'],
      ['units_sold', 1],
    ];
    expect(await read(`\ufeff[${lamp}, 7]`, jsonItems)).toEqual([
      [1, cells],
      [2, 'it is no JSON object'],
    ]);
    expect(await read(`\ufeff${lamp}\r\n\n[]\n{"sku\n${lamp}`, jsonLines)).toEqual([
      [1, cells],
      [3, 'it is no JSON object'],
      [4, 'it is no JSON'],
      [5, cells],
    ]);
  });

  it.each(['{"sku":"A"}', '[{"sku":', '', 'sku,price', '[{},,]'])('are not there in %j', async (text) => {
    await expect(read(text, jsonItems)).rejects.toThrow('it is no JSON array of objects');
  });
});
