/** Every table that TypeORM knows; a test compares them with what the migrations made. */
export const ENTITIES: (new () => object)[] = [];
