/** What subscribers ask for: the same document for all, with their cursor and perhaps a product in its variables. */
export const PRODUCT_EVENTS = `subscription ($after: Cursor, $products: [ID!]) {
  productEvents(after: $after, productIds: $products) { cursor occurredAt type productId product { name description } }
}`;

/** The same for large messages: of 50 pictures, about 20 KB. */
export const PRODUCT_EVENTS_WITH_PICTURES = PRODUCT_EVENTS.replace('description }', 'images { url alt } }');
