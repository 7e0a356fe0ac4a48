import { isStaff } from '../access/viewer.js';
import { checked } from '../plans/checked.js';
import { connection } from '../plans/connection-shape.js';
import type { Draft, Selection, Shape } from '../plans/shape.js';
import { column, idColumn, listOf, member, momentColumn } from '../plans/sql-json.js';
import { addressOrder } from './addresses.queries.js';
import { UserArgs, UsersArgs } from './user.inputs.js';
import { conditionsOf, matching, USERS_SORT } from './users.queries.js';

/** `users` in SQL, as UsersResolver shows it. Whoever selects rows sees to it that the viewer may see them. */
export const USER: Shape = {
  id: idColumn('user', 'id'),
  email: column('email'),
  name: column('name'),
  roles: column('roles'),
  disabledAt: momentColumn('disabled_at'),
  version: column('version'),
  createdAt: momentColumn('created_at'),
  addresses: (row, asked, draft) => {
    const entry = draft.alias();
    const json = asked.of('SavedAddress', entry);
    return listOf(json, `saved_addresses ${entry} WHERE ${entry}.user_id = ${row}.id`, addressOrder(entry));
  },
};

/** `saved_addresses` in SQL. */
export const SAVED_ADDRESS: Shape = {
  id: idColumn('address', 'id'),
  address: (row, asked) => asked.of('Address', `${row}.address`),
  isDefaultShipping: column('is_default_shipping'),
  isDefaultBilling: column('is_default_billing'),
  version: column('version'),
  createdAt: momentColumn('created_at'),
  updatedAt: momentColumn('updated_at'),
};

/** A postal address; its row is SQL of the JSON that it is kept in. */
export const ADDRESS: Shape = {
  fullName: member('fullName'),
  company: member('company'),
  line1: member('line1'),
  line2: member('line2'),
  city: member('city'),
  region: member('region'),
  postalCode: member('postalCode'),
  country: member('country'),
  phone: member('phone'),
};

/** SQL of an address in a column of JSON; null stays null. */
export function addressIn(columnName: string, asked: Selection): string {
  return `CASE WHEN ${columnName} IS NOT NULL THEN ${asked.of('Address', columnName)} END`;
}

/** SQL of the account with an id, as UserById finds it: staff see all, others their own. @param id SQL; null for nobody */
export function userWith(id: string, asked: Selection, draft: Draft): string {
  const { viewer } = draft;
  if (viewer === null) return 'NULL';
  const row = draft.alias();
  const json = asked.of('User', row);
  const own = isStaff(viewer) ? '' : ` AND ${row}.id = ${viewerId(viewer.id, draft)}`;
  return `(SELECT ${json} FROM users ${row} WHERE ${row}.id = ${id}${own})`;
}

/** The placeholder of the viewer's id. */
export function viewerId(id: string, draft: Draft): string {
  return `${draft.constant('viewer', () => id)}::uuid`;
}

/** The root fields of this room. */
export const USER_QUERIES: Shape<null> = {
  me: (_, asked, draft) => (draft.viewer ? userWith(viewerId(draft.viewer.id, draft), asked, draft) : 'NULL'),
  user: (_, asked, draft) => userWith(draft.bind(checked(UserArgs, asked.args).id), asked, draft),
  users: (_, asked, draft) => {
    const { filter, ...request } = checked(UsersArgs, asked.args);
    const from = `users u WHERE ${matching(conditionsOf(filter), (value) => draft.bind(value))}`;
    return connection('UserConnection', { alias: 'u', from, sort: USERS_SORT, request }, asked, draft);
  },
};

/** SQL of an entry of somebody's address book, as AddressById finds it. */
export function addressWith(id: string, asked: Selection, draft: Draft): string {
  const { viewer } = draft;
  if (viewer === null) return 'NULL';
  const row = draft.alias();
  const json = asked.of('SavedAddress', row);
  const own = isStaff(viewer) ? '' : ` AND ${row}.user_id = ${viewerId(viewer.id, draft)}`;
  return `(SELECT ${json} FROM saved_addresses ${row} WHERE ${row}.id = ${id}${own})`;
}
