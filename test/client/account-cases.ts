import { randomBytes } from 'node:crypto';
import {
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
    statements: 3,
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
    statements: 6,
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
];
