import { randomBytes } from 'node:crypto';
import {
  AddressBookDocument,
  AddressCreateDocument,
  AddressDeleteDocument,
  AddressSaveDocument,
  EmailChangeDocument,
  LoginDocument,
  LogoutDocument,
  MeDocument,
  PasswordChangeDocument,
  RefreshDocument,
  RegisterDocument,
  UpdateMeDocument,
} from '../../client/generated/operations.js';
import { PASSWORD, signUp } from '../support/accounts.js';
import { anAddress, makeAddress } from '../support/addresses.js';
import { trial, type DocumentCase } from './document-cases.js';

const newAddress = (): string => `buyer-${randomBytes(6).toString('hex')}@example.com`;

/** A session that has just begun. */
const sessionOf = (user: object): object => ({
  accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  refreshToken: expect.stringMatching(/^\S{20,}$/),
  expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  user: { id: expect.stringMatching(/^user_/), roles: ['USER'], ...user },
  userErrors: [],
});

/** What the pages of an account send. */
export const ACCOUNT: DocumentCase[] = [
  trial(RegisterDocument, {
    statements: 5,
    variables: () => ({ input: { email: newAddress(), name: 'Grace', password: PASSWORD } }),
    sees: ({ register }, _lamps, { input: { email } }) => [[register, sessionOf({ email, name: 'Grace', version: 1 })]],
  }),
  trial(LoginDocument, {
    statements: 6,
    variables: ({ customer }) => ({ input: { email: customer.email, password: PASSWORD } }),
    sees: ({ login }, { customer: { id, email } }) => [[login, sessionOf({ id, email, name: 'Ada' })]],
  }),
  trial(RefreshDocument, {
    statements: 4,
    variables: ({ somebody: { refreshToken } }) => ({ refreshToken }),
    sees: ({ refreshSession }, { somebody: { id, email } }, { refreshToken }) => [
      [refreshSession, sessionOf({ id, email, name: 'Eve' })],
      [refreshSession.refreshToken === refreshToken, false],
    ],
  }),
  trial(LogoutDocument, {
    statements: 4,
    variables: async ({ shop }) => ({ refreshToken: (await signUp(shop)).refreshToken }),
    sees: ({ logout }) => [[logout, { userErrors: [] }]],
  }),
  trial(MeDocument, {
    as: 'admin',
    statements: 1,
    variables: () => ({}),
    sees: ({ me }, { admin: { id, email } }) => [[me, { id, email, name: 'Di', roles: ['ADMIN'], version: 1 }]],
  }),
  trial(UpdateMeDocument, {
    as: 'somebody',
    statements: 3,
    variables: () => ({ input: { name: 'Grace', expectedVersion: 1 } }),
    sees: ({ updateMe }, { somebody: { id } }) => [
      [updateMe, { user: { id, name: 'Grace', version: 2 }, userErrors: [] }],
    ],
  }),
  trial(PasswordChangeDocument, {
    as: 'somebody',
    statements: 7,
    variables: () => ({ input: { currentPassword: PASSWORD, newPassword: 'battery staple' } }),
    sees: ({ changePassword }, { somebody: { id, email } }) => [[changePassword, sessionOf({ id, email })]],
  }),
  trial(EmailChangeDocument, {
    as: 'somebody',
    statements: 4,
    variables: () => ({ input: { currentPassword: PASSWORD, email: newAddress() } }),
    sees: ({ changeEmail }, { somebody: { id } }, { input: { email } }) => [
      [changeEmail, { user: { id, email, version: 2 }, userErrors: [] }],
    ],
  }),
  trial(AddressBookDocument, {
    as: 'somebody',
    statements: 1,
    variables: async ({ shop, somebody }) => {
      for (const city of ['London', 'Leeds']) await makeAddress(shop, somebody, { address: anAddress({ city }) });
      return {};
    },
    sees: ({ me }, { somebody: { id } }) => [
      [me?.id, id],
      [
        me?.addresses,
        [
          { address: anAddress({ company: null }), isDefaultShipping: true, isDefaultBilling: true, version: 1 },
          { address: { city: 'Leeds' }, isDefaultShipping: false, isDefaultBilling: false, version: 1 },
        ],
      ],
    ],
  }),
  trial(AddressCreateDocument, {
    as: 'somebody',
    statements: 6,
    variables: async ({ shop, somebody }) => {
      await makeAddress(shop, somebody, { address: anAddress() });
      return { input: { address: anAddress({ city: 'Leeds' }), isDefaultShipping: true, isDefaultBilling: false } };
    },
    sees: ({ createAddress: { address, user, userErrors } }) => [
      [address, { address: { city: 'Leeds' }, isDefaultShipping: true, isDefaultBilling: false, version: 1 }],
      [user?.addresses, [address, { isDefaultShipping: false, isDefaultBilling: true, version: 2 }]],
      [userErrors, []],
    ],
  }),
  trial(AddressSaveDocument, {
    as: 'somebody',
    statements: 5,
    variables: async ({ shop, somebody }) => {
      const { id, version } = await makeAddress(shop, somebody, { address: anAddress() });
      return { input: { id, address: anAddress({ city: 'Leeds' }), expectedVersion: version } };
    },
    sees: ({ updateAddress: { address, user, userErrors } }, _lamps, { input: { id } }) => [
      [address, { id, address: { city: 'Leeds' }, isDefaultShipping: true, version: 2 }],
      [user?.addresses, [address]],
      [userErrors, []],
    ],
  }),
  trial(AddressDeleteDocument, {
    as: 'somebody',
    statements: 5,
    variables: async ({ shop, somebody }) => {
      const { id, version } = await makeAddress(shop, somebody, { address: anAddress() });
      return { id, expectedVersion: version };
    },
    sees: ({ deleteAddress }, { somebody }, { id }) => [
      [deleteAddress, { deletedAddressId: id, user: { id: somebody.id, addresses: [] }, userErrors: [] }],
    ],
  }),
];
