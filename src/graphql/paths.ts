/** Path of the API, for HTTP and WebSocket. */
export const GRAPHQL_PATH = '/graphql';
