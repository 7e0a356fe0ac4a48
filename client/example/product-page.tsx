import { skipToken } from '@apollo/client/react';
import { Suspense } from 'react';
import {
  useOnProductEventsSubscription,
  useProductDetailSuspenseQuery,
  useProductRecommendationsSuspenseQuery,
} from '../generated/hooks.js';
import type { ProductCardFragment, VariantChoiceFragment } from '../generated/operations.js';
import { Price, PriceSpan } from './price.js';

/** The page of one product; prices and stock change while somebody looks at it. */
export function ProductPage({ slug }: { slug: string }) {
  const { data } = useProductDetailSuspenseQuery({ variables: { by: { slug } } });
  const { product, liveCursor } = data;
  // Apollo's cache takes over the product of each event by its id; what is left of a variant is told beside it.
  useOnProductEventsSubscription(
    product
      ? {
          variables: { after: liveCursor, productIds: [product.id] },
          onData: ({ client, data: { data: told } }) => {
            const { variantId, stock } = told?.productEvents ?? {};
            if (!variantId || !stock) return;
            client.cache.modify<VariantChoiceFragment>({
              id: client.cache.identify({ __typename: 'ProductVariant', id: variantId }),
              fields: { availableQuantity: () => stock.after, inStock: () => stock.after > 0 },
            });
          },
        }
      : skipToken,
  );
  if (!product) return <p>There is no such product.</p>;
  return (
    <article>
      <h1>{product.name}</h1>
      <nav>
        {product.category?.ancestors.map(({ id, name }) => (
          <span key={id}>{name}</span>
        ))}
      </nav>
      <PriceSpan range={product.priceRange} />
      <p>{product.description}</p>
      <ul>
        {product.variants.map((variant) => (
          <Variant key={variant.id} variant={variant} />
        ))}
      </ul>
      <Suspense fallback={<p>…</p>}>
        <Recommendations id={product.id} />
      </Suspense>
    </article>
  );
}

function Variant({ variant }: { variant: VariantChoiceFragment }) {
  return (
    <li>
      {variant.title} <Price money={variant.price} />{' '}
      {variant.inStock ? `${variant.availableQuantity} left` : 'sold out'}
    </li>
  );
}

function Recommendations({ id }: { id: string }) {
  const { data } = useProductRecommendationsSuspenseQuery({ variables: { id, first: 8 } });
  return (
    <>
      {data.product?.recommendations.map((product) => (
        <Tile key={product.id} product={product} />
      ))}
    </>
  );
}

/** One product in a grid. */
export function Tile({ product }: { product: ProductCardFragment }) {
  const [picture] = product.images;
  return (
    <a href={`/p/${product.slug}`}>
      {picture && <img src={picture.url} alt={picture.alt} />}
      {product.name} <PriceSpan range={product.priceRange} />
    </a>
  );
}
