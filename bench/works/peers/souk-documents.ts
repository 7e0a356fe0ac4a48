import type { Kind } from '../work.ts';

// As those of the client (client/documents), but each for itself, so that the work stays the same when those grow.

const MONEY = `fragment MoneyParts on Money {
  amount
  currency
}`;

const LINK = `fragment CategoryLink on Category {
  id
  slug
  name
}`;

const CARD = `fragment ProductCard on Product {
  id
  slug
  name
  inStock
  images {
    url
    alt
  }
  priceRange {
    min {
      ...MoneyParts
    }
    max {
      ...MoneyParts
    }
  }
  category {
    ...CategoryLink
  }
}`;

const PAGE = `fragment PageParts on PageInfo {
  hasNextPage
  endCursor
}`;

const LINES = `fragment OrderLineParts on OrderLine {
  id
  sku
  productName
  variantTitle
  quantity
  unitPrice {
    ...MoneyParts
  }
  discount {
    ...MoneyParts
  }
  lineTotal {
    ...MoneyParts
  }
  variant {
    id
    product {
      id
      slug
      images {
        url
        alt
      }
    }
  }
}`;

const ORDER = `fragment OrderParts on Order {
  id
  number
  state
  placedAt
  email
  lines {
    ...OrderLineParts
  }
  subtotal {
    ...MoneyParts
  }
  discountTotal {
    ...MoneyParts
  }
  shippingTotal {
    ...MoneyParts
  }
  taxTotal {
    ...MoneyParts
  }
  total {
    ...MoneyParts
  }
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

const documentOf = (operation: string, ...fragments: string[]): string => [operation, ...fragments].join('\n\n');

/** What Souk is asked. */
export const SOUK_DOCUMENTS: Readonly<Record<Kind, string>> = {
  productPage: documentOf(
    `query ProductPage($slug: String!) {
  product(by: { slug: $slug }) {
    ...ProductCard
    description
    attributes {
      name
      value
    }
    variants {
      id
      sku
      title
      inStock
      availableQuantity
      selectedOptions {
        name
        value
      }
      price {
        ...MoneyParts
      }
      compareAtPrice {
        ...MoneyParts
      }
    }
    category {
      ancestors {
        ...CategoryLink
      }
    }
  }
}`,
    CARD,
    MONEY,
    LINK,
  ),
  categoryList: documentOf(
    `query CategoryList($categoryId: ID!, $first: Int, $after: Cursor) {
  products(first: $first, after: $after, filter: { categoryId: $categoryId }) {
    ${LIST}
  }
}`,
    CARD,
    PAGE,
    MONEY,
    LINK,
  ),
  deepList: documentOf(
    `query DeepList($first: Int, $after: Cursor) {
  products(first: $first, after: $after) {
    ${DEEP}
  }
}`,
    CARD,
    PAGE,
    MONEY,
    LINK,
  ),
  skippedList: documentOf(
    `query SkippedList($first: Int, $skip: Int) {
  products(first: $first, skip: $skip) {
    ${DEEP}
  }
}`,
    CARD,
    PAGE,
    MONEY,
    LINK,
  ),
  search: documentOf(
    `query ProductSearch($text: String!, $first: Int, $filter: ProductFilter, $sort: ProductSort) {
  search(text: $text, first: $first, filter: $filter, sort: $sort) {
    totalCount
    ${LIST}
  }
}`,
    CARD,
    PAGE,
    MONEY,
    LINK,
  ),
  myOrders: documentOf(
    `query MyOrders {
  me {
    id
    orders(first: 10) {
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
    MONEY,
  ),
  order: documentOf(
    `mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order {
      ...OrderParts
    }
    payment {
      id
      provider
      state
      amount {
        ...MoneyParts
      }
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
    ORDER,
    LINES,
    MONEY,
  ),
  branch: documentOf(
    `query Branch($slug: String!, $first: Int, $skip: Int) {
  category(by: { slug: $slug }) {
    ...CategoryLink
    children {
      ...CategoryLink
      products(first: $first, skip: $skip) {
        ${LIST}
      }
    }
  }
}`,
    CARD,
    PAGE,
    MONEY,
    LINK,
  ),
};
