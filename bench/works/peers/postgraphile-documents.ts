import type { Kind } from '../work.ts';

// The same content as Souk's documents, named alike where a column is called otherwise. Ids are those of the rows: cheaper than global ones.

const LINK = `fragment CategoryLink on Category {
  id: rowId
  slug
  name
}`;

const CARD = `fragment ProductCard on Product {
  id: rowId
  slug
  name
  inStock
  images
  minPriceMinor
  maxPriceMinor
  category {
    ...CategoryLink
  }
}`;

const PAGE = `fragment PageParts on PageInfo {
  hasNextPage
  endCursor
}`;

const LINES = `fragment OrderLineParts on OrderLine {
  id: rowId
  sku
  productName
  variantTitle
  quantity
  unitPrice: unitPriceMinor
  discount: discountMinor
  variant {
    id: rowId
    product {
      id: rowId
      slug
      images
    }
  }
}`;

const ORDER = `fragment OrderParts on Order {
  id: rowId
  number
  state
  placedAt
  email
  lines: orderLines(orderBy: [POSITION_ASC]) {
    nodes {
      ...OrderLineParts
    }
  }
  subtotal: subtotalMinor
  discountTotal: discountMinor
  shippingTotal: shippingMinor
  taxTotal: taxMinor
  total: totalMinor
}`;

const LIST = `nodes {
      ...ProductCard
    }
    pageInfo {
      ...PageParts
    }`;

const DEEP = LIST.replace(
  '...ProductCard',
  `...ProductCard
      category {
        parent {
          ...CategoryLink
        }
      }`,
);

const NEWEST = 'orderBy: [CREATED_AT_DESC, PRIMARY_KEY_DESC]';
const VISIBLE = 'status: "ACTIVE"';

const documentOf = (operation: string, ...fragments: string[]): string => [operation, ...fragments].join('\n\n');

/** What PostGraphile is asked. */
export const POSTGRAPHILE_DOCUMENTS: Readonly<Record<Kind, string>> = {
  productPage: documentOf(
    `query ProductPage($slug: String!) {
  answer: productBySlug(slug: $slug) {
    ...ProductCard
    description
    attributes
    variants: productVariants(orderBy: [POSITION_ASC, PRIMARY_KEY_ASC]) {
      nodes {
        id: rowId
        sku
        title
        stock: stockLevelByVariantId {
          onHand
          reserved
        }
        selectedOptions: options
        price: priceMinor
        compareAtPrice: compareAtMinor
      }
    }
    category {
      parent {
        ...CategoryLink
        parent {
          ...CategoryLink
        }
      }
    }
  }
}`,
    CARD,
    LINK,
  ),
  categoryList: documentOf(
    `query CategoryList($categoryId: UUID!, $first: Int, $after: Cursor) {
  answer: products(first: $first, after: $after, condition: { categoryId: $categoryId, ${VISIBLE} }, ${NEWEST}) {
    ${LIST}
  }
}`,
    CARD,
    PAGE,
    LINK,
  ),
  deepList: documentOf(
    `query DeepList($first: Int, $after: Cursor) {
  answer: products(first: $first, after: $after, condition: { ${VISIBLE} }, ${NEWEST}) {
    ${DEEP}
  }
}`,
    CARD,
    PAGE,
    LINK,
  ),
  skippedList: documentOf(
    `query SkippedList($first: Int, $offset: Int) {
  answer: products(first: $first, offset: $offset, condition: { ${VISIBLE} }, ${NEWEST}) {
    ${DEEP}
  }
}`,
    CARD,
    PAGE,
    LINK,
  ),
  search: documentOf(
    `query ProductSearch($word: String!, $min: BigInt, $max: BigInt, $first: Int) {
  answer: searchProducts(word: $word, minMinor: $min, maxMinor: $max, first: $first) {
    totalCount
    ${LIST}
  }
}`,
    CARD,
    PAGE,
    LINK,
  ),
  myOrders: documentOf(
    `query MyOrders {
  answer: currentShopper {
    id: rowId
    orders: ordersByCustomerId(first: 10, orderBy: [PLACED_AT_DESC, PRIMARY_KEY_DESC]) {
      nodes {
        ...OrderParts
      }
      pageInfo {
        ...PageParts
      }
    }
  }
}`,
    ORDER,
    LINES,
    PAGE,
  ),
  order: documentOf(
    `mutation PlaceOrder($input: PlaceOrderInput!) {
  answer: placeOrder(input: $input) {
    order: result {
      ...OrderParts
      payments {
        nodes {
          id: rowId
          provider
          state
          amount: amountMinor
        }
      }
    }
  }
}`,
    ORDER,
    LINES,
  ),
  branch: documentOf(
    `query Branch($slug: String!, $first: Int, $offset: Int) {
  answer: categoryBySlug(slug: $slug) {
    ...CategoryLink
    children: childCategories(orderBy: [POSITION_ASC, PRIMARY_KEY_ASC]) {
      nodes {
        ...CategoryLink
        products(first: $first, offset: $offset, condition: { ${VISIBLE} }, ${NEWEST}) {
          ${LIST}
        }
      }
    }
  }
}`,
    CARD,
    PAGE,
    LINK,
  ),
};
