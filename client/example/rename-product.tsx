import { useState } from 'react';
import { useAdminProductDetailQuery, useProductSaveMutation } from '../generated/hooks.js';
import { UserErrorCode, type ProductFormFragment } from '../generated/operations.js';

/** Staff rename a product. */
export function RenameProduct({ id }: { id: string }) {
  const { data, refetch } = useAdminProductDetailQuery({ variables: { by: { id } } });
  if (!data?.product) return null;
  return <NameForm key={data.product.version} product={data.product} readAgain={() => void refetch()} />;
}

/** Whoever saves a product that somebody else has changed meanwhile reads it again first. */
function NameForm({ product, readAgain }: { product: ProductFormFragment; readAgain: () => void }) {
  const [name, setName] = useState(product.name);
  const [save, { data, loading, error }] = useProductSaveMutation();
  const refusals = data?.updateProduct.userErrors ?? [];
  const submit = () => save({ variables: { input: { id: product.id, name, expectedVersion: product.version } } });
  return (
    <form action={() => void submit()}>
      <input value={name} onChange={({ target }) => setName(target.value)} />
      <button disabled={loading}>Save</button>
      {data?.updateProduct.product && <p>Saved.</p>}
      {error && <p>{error.message}</p>}
      {refusals.map(({ code, message }) => (
        <p key={code}>
          {message} {code === UserErrorCode.VERSION_CONFLICT && <button onClick={readAgain}>Read again</button>}
        </p>
      ))}
    </form>
  );
}
