import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const CLIENT = 'client';
const PAGE = fileURLToPath(new URL('../../client/example/product-page.tsx', import.meta.url));
const GRID = fileURLToPath(new URL('../../client/example/product-grid.tsx', import.meta.url));
const FORM = fileURLToPath(new URL('../../client/example/rename-product.tsx', import.meta.url));
const ORDER = fileURLToPath(new URL('../../client/example/my-order.tsx', import.meta.url));
const BOARD = fileURLToPath(new URL('../../client/example/stock-board.ts', import.meta.url));
const SET_UP = resolve(CLIENT, 'example/apollo.ts');

/** Checks the types of client/ as tsc does, with the text of some files replaced. What was checked once is kept. */
class TypeCheck {
  readonly files: string[];
  private readonly edits = new Map<string, { text: string; version: number }>();
  private readonly service: ts.LanguageService;

  constructor() {
    const config: unknown = JSON.parse(readFileSync(join(CLIENT, 'tsconfig.json'), 'utf8'));
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, CLIENT);
    this.files = fileNames.map((file) => resolve(file));
    this.service = ts.createLanguageService({
      ...ts.sys,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getCompilationSettings: () => options,
      getScriptFileNames: () => this.files,
      getScriptVersion: (file) => String(this.edits.get(resolve(file))?.version ?? 0),
      getScriptSnapshot: (file) => {
        const text = this.edits.get(resolve(file))?.text ?? ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => process.cwd(),
      getDefaultLibFileName: ts.getDefaultLibFilePath,
    });
  }

  edit(file: string, text: string): void {
    this.edits.set(file, { text, version: (this.edits.get(file)?.version ?? 0) + 1 });
  }

  /** Code, line (from 1) and words of each error in a file. */
  errorsIn(file: string): { code: number; line: number; words: string }[] {
    const found = [...this.service.getSyntacticDiagnostics(file), ...this.service.getSemanticDiagnostics(file)];
    return found.map(({ code, start = 0, file: source, messageText }) => ({
      code,
      line: (source?.getLineAndCharacterOfPosition(start).line ?? -1) + 1,
      words: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
  }
}

const check = new TypeCheck();

it('the client and everything that uses it compiles', () => {
  expect(check.files).toEqual(expect.arrayContaining([resolve(CLIENT, 'generated/hooks.ts'), SET_UP]));
  expect(check.files.flatMap((file) => check.errorsIn(file))).toEqual([]);
});

it('the set-up in the README is the one that compiles', () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(CLIENT, 'README.md'), 'utf8')) ?? [];
  expect(shown).toBe(readFileSync(SET_UP, 'utf8'));
});

describe('does not compile', () => {
  it.each([
    ['a variable that the operation has not', GRID, 'first: 24', 'frist: 24', 2561, `'frist' does not exist`],
    ['a variable of another type', GRID, 'first: 24', `first: '24'`, 2322, `not assignable to type 'number'`],
    ['money as a number', GRID, `max: '100.00'`, 'max: 100', 2322, `not assignable to type 'string'`],
    ['a value that the enum has not', GRID, 'ProductSortField.PRICE', `'COST'`, 2322, '"COST"'],
    ['partial data', GRID, 'useProductListQuery({', 'useProductListQuery({ returnPartialData: true,', 2322, 'false'],
    ['data before it is there', GRID, '{data?.sea', '{data.sea', 18048, `'data' is possibly 'undefined'`],
    ['a list for one id', GRID, '{ categoryId,', '{ categoryId: [categoryId],', 2322, 'string[]'],
    ['a query without its variables', PAGE, '{ variables: { id, first: 8 } }', '', 2554, 'Expected 1 arguments'],
    ['a query without one of them', PAGE, '{ id, first: 8 }', '{ first: 8 }', 2769, `Property 'id' is missing`],
    ['a key that nothing is found by', PAGE, '{ slug } } });', '{ slag: slug } } });', 2769, `'slag' does not exist`],
    ['two keys for one thing', PAGE, '{ slug } } });', '{ slug, id: slug } } });', 2769, 'ProductBy'],
    ['a field that is not selected', PAGE, 'product.description', 'product.createdAt', 2339, `'createdAt'`],
    ['what may be null', PAGE, 'data.product?.rec', 'data.product.rec', 18047, `'data.product' is possibly 'null'`],
    ['the event of another subscription', PAGE, 'told?.productEvents', 'told?.productAdded', 2339, `'productAdded'`],
    ['an input without its id', FORM, 'id: product.id, name', 'name', 2741, `Property 'id' is missing`],
    ['the payload of another mutation', FORM, 'updateProduct.pro', 'createProduct.pro', 2339, `'createProduct'`],
    ['a live page of no order', ORDER, 'orderId: order.id, after', 'after', 2345, `Property 'orderId' is missing`],
    ['a live variable of another type', BOARD, '{ after, productIds,', '{ after, productIds: 7,', 2322, `'string[]'`],
    ['a live variable that the document has not', BOARD, '{ after, productIds,', '{ after, ids: [],', 2353, `'ids'`],
    ['the live event of another document', BOARD, '{ productEvents:', '{ productAdded:', 2339, `'productAdded'`],
    ['a code that no refusal has', FORM, 'VERSION_CONFLICT', 'STALE', 2339, `'STALE'`],
  ])('%s', (_what, file, right, wrong, code, words) => {
    const text = readFileSync(file, 'utf8');
    const place = text.indexOf(right);
    expect(place).toBeGreaterThan(0);
    check.edit(file, text.replace(right, wrong));
    const errors = check.errorsIn(file);
    check.edit(file, text);
    const line = text.slice(0, place).split('\n').length;
    expect(errors).toEqual([{ code, line, words: expect.stringContaining(words) }]);
  });
});
