import { acceptCategoryHeader, arrange, readCategoryRow } from './category-rows.js';

const rows = (...texts: string[]) =>
  texts.map((text, index) => {
    const [id = '', parentId = ''] = text.split('<');
    return { line: index + 2, id, name: id.toUpperCase(), parentId: parentId || null };
  });

describe('rows of a category file', () => {
  it('are put into levels, in any order', () => {
    const { levels, problems } = arrange(rows('c<b', 'a', 'b<a', 'd<a', 'e'));
    expect(levels.map((level) => level.map(({ id }) => id))).toEqual([['a', 'e'], ['b', 'd'], ['c']]);
    expect(problems).toEqual([]);
  });

  it('have no place below themselves, below nobody, twice or too deep', () => {
    const { levels, problems } = arrange(rows('a', 'b<c', 'c<b', 'd<nobody', 'a<b', 'e<a', 'f<e', 'g<f'), 2);
    expect(levels.flat().map(({ id }) => id)).toEqual(['a', 'e']);
    expect(Object.fromEntries(problems.map(({ line, reason }) => [line, reason]))).toEqual({
      3: 'parent_id: it is below itself, or below a category that has no place',
      4: 'parent_id: it is below itself, or below a category that has no place',
      5: 'parent_id: there is no category "nobody" in the file',
      6: 'id: "a" stands in line 2 already',
      8: 'parent_id: the tree has at most 12 levels',
      9: 'parent_id: it is below itself, or below a category that has no place',
    });
  });

  it('are called by their ids when they have no name', () => {
    expect(readCategoryRow(2, new Map([['id', ' cat1 ']]))).toEqual({
      line: 2,
      id: 'cat1',
      name: 'cat1',
      parentId: null,
    });
  });

  it('need a header with id, name and parent_id', () => {
    expect(acceptCategoryHeader(['id', 'name', 'parent_id', 'depth', 'url'])).toEqual(['url']);
    expect(() => acceptCategoryHeader(['id', 'name'])).toThrow(
      'the header has no column "parent_id"; it has: id, name.',
    );
  });
});
