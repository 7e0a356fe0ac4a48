import {
  AdminProductDetailDocument,
  AdminProductListDocument,
  AssignRolesDocument,
  CategoryCreateDocument,
  CategoryDeleteDocument,
  CategoryMoveDocument,
  CategorySaveDocument,
  ImportFormat,
  ProductArchiveDocument,
  ProductCreateDocument,
  ProductImportDocument,
  ProductSaveDocument,
  ProductSortField,
  ProductStatus,
  Role,
  StockAdjustDocument,
  StockMovementsDocument,
  StockReason,
  TaxClass,
  UserDetailDocument,
  UserDisableDocument,
  UserEnableDocument,
  UserListDocument,
  VariantCreateDocument,
  VariantDeleteDocument,
  VariantSaveDocument,
} from '../../client/generated/operations.js';
import {
  aVariant,
  countOf,
  makeCategory,
  makeProduct,
  type MadeCategory,
  type MadeProduct,
} from '../support/catalogue.js';
import { trial, type DocumentCase, type LampShop } from './document-cases.js';

/** A product in preparation, with two variants of 5 units each. */
function draft({ shop, staff, deskLamps }: LampShop): Promise<MadeProduct> {
  const variants = ['S', 'L'].map((value) => aVariant({ options: [{ name: 'Size', value }] }));
  return makeProduct(shop, staff, { name: 'Draft', status: 'DRAFT', categoryId: deskLamps.id, variants });
}

async function idOfDraftVariant(lamps: LampShop): Promise<string> {
  const { variants } = await draft(lamps);
  return variants[0]?.id ?? '';
}

/** A category that stands alone. */
const spots = ({ shop, staff }: LampShop): Promise<MadeCategory> => makeCategory(shop, staff, { name: 'Spots' });

/** What staff send of products and stock. */
export const ADMIN_PRODUCTS: DocumentCase[] = [
  trial(AdminProductListDocument, {
    as: 'staff',
    statements: 1,
    variables: () => ({
      first: 100,
      filter: { status: ProductStatus.ACTIVE },
      sort: { field: ProductSortField.NAME },
    }),
    sees: async ({ products: { totalCount, nodes } }, { shop, staff, brassLamp }) => {
      const total = await countOf(shop, `SELECT count(*) AS n FROM products WHERE status = 'ACTIVE'`);
      return [
        [
          [totalCount, nodes.length],
          [total, Math.min(total, 100)],
        ],
        [nodes[0], { id: brassLamp.id, version: 1, createdBy: { id: staff.id, name: 'Cy' } }],
        [nodes[0]?.variants[0], { sku: 'BRASS-S', stock: { onHand: 7, reserved: 0, available: 7 } }],
        [nodes[0]?.variants[1], { sku: 'BRASS-L', stock: { onHand: 0, reserved: 0, available: 0 } }],
      ];
    },
  }),
  trial(AdminProductDetailDocument, {
    as: 'staff',
    statements: 1,
    variables: () => ({ by: { sku: 'BRASS-L' } }),
    sees: ({ product }, { brassLamp: { id }, deskLamps, staff }) => [
      [product, { id, status: 'ACTIVE', version: 1, attributes: [{ name: 'Brand', value: 'Acme' }] }],
      [product, { category: { id: deskLamps.id }, createdBy: { id: staff.id, name: 'Cy' } }],
      [
        product?.variants.map(({ sku, stock }) => [sku, stock?.onHand]),
        [
          ['BRASS-S', 7],
          ['BRASS-L', 0],
        ],
      ],
    ],
  }),
  trial(ProductCreateDocument, {
    as: 'staff',
    statements: 12,
    variables: ({ deskLamps }) => {
      const { sku } = aVariant() as { sku: string };
      const variants = [{ sku, price: { amount: '12.50' }, stock: 3 }];
      return { input: { name: 'New', status: ProductStatus.DRAFT, categoryId: deskLamps.id, variants } };
    },
    sees: ({ createProduct: { product, userErrors } }, { staff }) => [
      [userErrors, []],
      [product, { name: 'New', status: 'DRAFT', version: 1, createdBy: { id: staff.id, name: 'Cy' } }],
      [product?.variants, [{ price: { amount: '12.50', currency: 'GBP' }, stock: { onHand: 3, available: 3 } }]],
    ],
  }),
  trial(ProductSaveDocument, {
    as: 'staff',
    statements: 10,
    variables: async (lamps) => {
      const attributes = [{ name: 'Brand', value: 'Bolt' }];
      const images = [{ url: 'https://shop.example/better.jpg' }];
      return { input: { id: (await draft(lamps)).id, name: 'Better', attributes, images, expectedVersion: 1 } };
    },
    sees: ({ updateProduct: { product, userErrors } }, _lamps, { input: { id, attributes } }) => [
      [userErrors, []],
      [product, { id, name: 'Better', status: 'DRAFT', version: 2, attributes }],
      [product?.images, [{ url: 'https://shop.example/better.jpg', alt: '' }]],
    ],
  }),
  trial(ProductArchiveDocument, {
    as: 'staff',
    statements: 6,
    variables: async (lamps) => ({ input: { id: (await draft(lamps)).id, expectedVersion: 1 } }),
    sees: ({ archiveProduct }, _lamps, { input: { id } }) => [
      [archiveProduct, { product: { id, status: 'ARCHIVED', version: 2 }, userErrors: [] }],
    ],
  }),
  trial(VariantCreateDocument, {
    as: 'staff',
    statements: 12,
    variables: async (lamps) => {
      const { sku } = aVariant() as { sku: string };
      const options = [{ name: 'Size', value: 'XL' }];
      return { input: { productId: (await draft(lamps)).id, sku, options, price: { amount: '70.00' }, stock: 2 } };
    },
    sees: ({ createProductVariant: { product, variant, userErrors } }, _lamps, { input: { sku } }) => [
      [userErrors, []],
      [product?.variants.length, 3],
      [product?.variants.at(-1), { id: variant?.id, sku, title: 'XL', availableQuantity: 2 }],
    ],
  }),
  trial(VariantSaveDocument, {
    as: 'staff',
    statements: 11,
    variables: async (lamps) => {
      const prices = { price: { amount: '8.00' }, compareAtPrice: { amount: '10.00' } };
      const terms = { weightGrams: 450, taxClass: TaxClass.REDUCED };
      return { input: { id: await idOfDraftVariant(lamps), ...prices, ...terms, expectedVersion: 1 } };
    },
    sees: ({ updateProductVariant: { product, variant, userErrors } }, _lamps, { input: { id, ...given } }) => [
      [
        [variant, userErrors],
        [{ id }, []],
      ],
      [product?.variants[0], { id, price: given.price, compareAtPrice: given.compareAtPrice, version: 2 }],
      [product?.variants[0], { weightGrams: 450, taxClass: 'REDUCED' }],
    ],
  }),
  trial(VariantDeleteDocument, {
    as: 'staff',
    statements: 11,
    variables: async (lamps) => ({ input: { id: await idOfDraftVariant(lamps), expectedVersion: 1 } }),
    sees: ({ deleteProductVariant: { product, deletedVariantId, userErrors } }, _lamps, { input: { id } }) => [
      [
        [deletedVariantId, userErrors],
        [id, []],
      ],
      [product?.variants.map(({ title }) => title), ['L']],
    ],
  }),
  trial(StockAdjustDocument, {
    as: 'staff',
    statements: 8,
    variables: async (lamps) => {
      const variantId = await idOfDraftVariant(lamps);
      return { input: { variantId, delta: -5, reason: StockReason.DAMAGED, note: 'Fell down' } };
    },
    sees: ({ adjustStock: { product, variant, userErrors } }, _lamps, { input: { variantId: id } }) => [
      [
        [product?.inStock, userErrors],
        [true, []],
      ],
      [variant, { id, inStock: false, stock: { onHand: 0, reserved: 0, available: 0 } }],
    ],
  }),
  trial(StockMovementsDocument, {
    as: 'staff',
    statements: 1,
    variables: ({ brassLamp }) => ({ variantId: brassLamp.variants[0]?.id ?? '', first: 100 }),
    sees: ({ stockMovements: { totalCount, nodes } }, { staff }) => [
      [totalCount, 1],
      [nodes, [{ delta: 7, onHandAfter: 7, reason: 'INITIAL', note: null, actor: { id: staff.id, name: 'Cy' } }]],
    ],
  }),
  trial(ProductImportDocument, {
    as: 'staff',
    statements: 5,
    variables: () => ({ input: { format: ImportFormat.CSV, content: 'sku,price\nBRASS-S,25.00\n' } }),
    sees: ({ importProducts: { job, userErrors } }) => [
      [userErrors, []],
      [job, { kind: 'PRODUCT_IMPORT', state: 'QUEUED', progress: { done: 0, total: 1 }, imported: null, version: 1 }],
      [job, { problems: [], failure: null, startedAt: null, finishedAt: null }],
    ],
  }),
];

/** What staff send of categories, and administrators of accounts. */
export const ADMIN: DocumentCase[] = [
  trial(CategoryCreateDocument, {
    as: 'staff',
    statements: 11,
    variables: ({ attic }) => ({ input: { name: 'Spots', parentId: attic.id, description: 'Small ones.' } }),
    sees: ({ createCategory: { category, userErrors } }, { attic }) => [
      [userErrors, []],
      [category, { name: 'Spots', description: 'Small ones.', version: 1, parent: { id: attic.id, name: 'Attic' } }],
    ],
  }),
  trial(CategorySaveDocument, {
    as: 'staff',
    statements: 5,
    variables: async (lamps) => ({ input: { id: (await spots(lamps)).id, name: 'Spotlights', expectedVersion: 1 } }),
    sees: ({ updateCategory }, _lamps, { input: { id } }) => [
      [updateCategory, { category: { id, name: 'Spotlights', version: 2, parent: null }, userErrors: [] }],
    ],
  }),
  trial(CategoryMoveDocument, {
    as: 'staff',
    statements: 15,
    variables: async (lamps) => ({ input: { id: (await spots(lamps)).id, parentId: lamps.attic.id, position: 0 } }),
    sees: ({ moveCategory: { category, userErrors } }, { attic }, { input: { id } }) => [
      [userErrors, []],
      [category, { id, position: 0, version: 2, parent: { id: attic.id }, ancestors: [{ slug: 'attic' }] }],
    ],
  }),
  trial(CategoryDeleteDocument, {
    as: 'staff',
    statements: 6,
    variables: async (lamps) => ({ input: { id: (await spots(lamps)).id } }),
    sees: ({ deleteCategory }, _lamps, { input: { id } }) => [
      [deleteCategory, { deletedCategoryId: id, userErrors: [] }],
    ],
  }),
  trial(UserListDocument, {
    as: 'staff',
    statements: 1,
    variables: () => ({ first: 100, filter: { role: Role.STAFF } }),
    sees: ({ users }, { staff: { id, name, email } }) => [
      [users, { totalCount: 1, nodes: [{ id, name, email, roles: ['STAFF'], version: 1, disabledAt: null }] }],
    ],
  }),
  trial(UserDetailDocument, {
    as: 'staff',
    statements: 1,
    variables: ({ customer }) => ({ id: customer.id }),
    sees: ({ user }, { customer: { id, email } }) => [[user, { id, email, name: 'Ada', roles: ['USER'] }]],
  }),
  trial(AssignRolesDocument, {
    as: 'admin',
    statements: 5,
    variables: ({ somebody }) => ({
      input: { userId: somebody.id, roles: [Role.PREMIUM, Role.USER], expectedVersion: 1 },
    }),
    sees: ({ assignRoles }, { somebody: { id } }) => [
      [assignRoles, { user: { id, roles: ['USER', 'PREMIUM'], version: 2 }, userErrors: [] }],
    ],
  }),
  trial(UserDisableDocument, {
    as: 'admin',
    statements: 7,
    variables: ({ somebody }) => ({ input: { userId: somebody.id, expectedVersion: 1 } }),
    sees: ({ disableUser: { user, userErrors } }, { somebody: { id } }) => [
      [userErrors, []],
      [user, { id, version: 2, disabledAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }],
    ],
  }),
  trial(UserEnableDocument, {
    as: 'admin',
    statements: 5,
    variables: async ({ shop, somebody }) => {
      await shop.database.query('test.disable', 'UPDATE users SET disabled_at = now() WHERE id = $1', [somebody.uuid]);
      return { input: { userId: somebody.id, expectedVersion: 1 } };
    },
    sees: ({ enableUser }, { somebody: { id } }) => [
      [enableUser, { user: { id, version: 2, disabledAt: null }, userErrors: [] }],
    ],
  }),
];
