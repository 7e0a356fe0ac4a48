import { toPrefixQuery } from './search-text.js';

describe('search text', () => {
  it.each([
    ['desk lamp', 'desk:* & lamp:*'],
    ['  Crème-brûlée  ', 'crème:* & brûlée:*'],
    ["o'neill & sons | !not <-> (x):*", 'o:* & neill:* & sons:* & not:* & x:*'],
    ['85123A', '85123a:*'],
    ['!!!', ''],
    ['a b c d e f g h i j k l', 'a:* & b:* & c:* & d:* & e:* & f:* & g:* & h:* & i:* & j:*'],
  ])('reads %p as %p', (text, query) => {
    expect(toPrefixQuery(text)).toBe(query);
  });
});
