import { Readable } from 'node:stream';
import { csvRows } from './csv-rows.js';

async function read(text: string): Promise<unknown[]> {
  const rows = [];
  for await (const row of csvRows(Readable.from([Buffer.from(text)]), () => undefined)) {
    rows.push('fault' in row ? [row.line, row.fault] : [row.line, Object.fromEntries(row.cells)]);
  }
  return rows;
}

describe('rows of a CSV file', () => {
  it.each(['\n', '\r\n'])('know the line in which they begin, whatever is quoted (%j)', async (end) => {
    const text = ['\ufeffSKU,Compare-at price', '1,"a', 'b', '"', '', '2,"say ""hi"""', '3,5" plate', '4,z'].join(end);
    expect(await read(text)).toEqual([
      [2, { sku: '1', compare_at_price: `a${end}b${end}` }],
      [6, { sku: '2', compare_at_price: 'say "hi"' }],
      [7, { sku: '3', compare_at_price: '5" plate' }],
      [8, { sku: '4', compare_at_price: 'z' }],
    ]);
  });

  it('must have as many cells as the header; empty ones more do not matter', async () => {
    expect(await read('a,b\n1\n1,2,3\n1,2,,\n')).toEqual([
      [2, 'it has 1 cells, the header 2'],
      [3, 'it has 3 cells, the header 2'],
      [4, { a: '1', b: '2' }],
    ]);
  });

  it('end with a fault when a quotation mark is never closed', async () => {
    const fault = 'a quotation mark is never closed; everything from here on was left out';
    expect(await read('a,b\n1,2\n3,"4\n5,6\n')).toEqual([
      [2, { a: '1', b: '2' }],
      [3, fault],
    ]);
  });

  it('refuse an empty file, a row without end and a column that is there twice', async () => {
    await expect(read('')).rejects.toThrow('the file is empty.');
    await expect(read(`a\n1\n"${'x\n'.repeat(2_500_000)}`)).rejects.toThrow(
      /^a row has not ended in line \d+; a quotation mark/,
    );
    await expect(read('Price,price\n')).rejects.toThrow('the header has the column "price" twice.');
  });
});
