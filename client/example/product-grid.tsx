import { useProductListQuery, useSearchSuggestLazyQuery } from '../generated/hooks.js';
import { ProductSortField, SortDirection } from '../generated/operations.js';
import { Tile } from './product-page.js';

/** Cheapest products of a category first, more of them on demand. */
export function ProductGrid({ categoryId }: { categoryId: string }) {
  const { data, error, loading, fetchMore } = useProductListQuery({
    variables: {
      first: 24,
      filter: { categoryId, includeSubcategories: true, inStock: true, price: { max: '100.00' } },
      sort: { field: ProductSortField.PRICE, direction: SortDirection.ASC },
    },
  });
  if (error) return <p>{error.message}</p>;
  if (!data) return <p>{loading && '…'}</p>;
  const { edges, pageInfo, totalCount } = data.products;
  const more = () =>
    fetchMore({
      variables: { after: pageInfo.endCursor },
      updateQuery: (shown, { fetchMoreResult: { products } }) => ({
        products: { ...products, edges: [...shown.products.edges, ...products.edges] },
      }),
    });
  return (
    <section>
      <p>{totalCount} products</p>
      {edges.map(({ cursor, node }) => (
        <Tile key={cursor} product={node} />
      ))}
      {pageInfo.hasNextPage && <button onClick={() => void more()}>More</button>}
    </section>
  );
}

/** A field that suggests while somebody types. */
export function SearchField() {
  const [suggest, { data }] = useSearchSuggestLazyQuery();
  return (
    <form action="/search">
      <input
        name="text"
        list="suggestions"
        onChange={({ target: { value } }) => value && void suggest({ variables: { prefix: value } })}
      />
      <datalist id="suggestions">
        {data?.searchSuggestions.map(({ text, product }) => (
          <option key={product.id} value={text} />
        ))}
      </datalist>
    </form>
  );
}
