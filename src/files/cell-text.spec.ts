import { readPairs, readPath, writePairs, writePath } from './cell-text.js';

describe('pairs in a cell', () => {
  it.each([
    [
      'Size: L | Colour: Red',
      [
        ['Size', 'L'],
        ['Colour', 'Red'],
      ],
    ],
    [
      'Size:L|Colour:Red',
      [
        ['Size', 'L'],
        ['Colour', 'Red'],
      ],
    ],
    ['  Time :  10:30 ', [['Time', '10:30']]],
    ['A\\:B: C\\|D\\\\', [['A:B', 'C|D\\']]],
    ['Size: L | ', [['Size', 'L']]],
    ['no colon', [['no colon', null]]],
    ['', []],
    ['end: \\', [['end', '\\']]],
  ])('reads %j', (text, pairs) => {
    expect(readPairs(text)).toEqual(pairs.map(([name, value]) => ({ name, value })));
  });

  it('reads back whatever it writes', () => {
    const pairs = [
      { name: 'a:b|c\\', value: ' x | y: z \\ ' },
      { name: '\t', value: '::' },
      { name: 'Größe', value: 'a\nb' },
    ];
    expect(readPairs(writePairs(pairs))).toEqual(pairs);
  });
});

describe('paths in a cell', () => {
  it('reads names from the root down', () => {
    expect(readPath(' Home & Garden>Lamps >  Desk lamps')).toEqual(['Home & Garden', 'Lamps', 'Desk lamps']);
    expect(readPath('a > > b')).toEqual(['a', '', 'b']);
  });

  it('reads back whatever it writes', () => {
    const names = ['a > b', '\\', ' c ', '>'];
    expect(readPath(writePath(names))).toEqual(names);
  });
});
