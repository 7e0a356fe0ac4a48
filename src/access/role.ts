/** What somebody may do in the shop. One account can have several; none includes another. */
export enum Role {
  USER = 'USER',
  PREMIUM = 'PREMIUM',
  STAFF = 'STAFF',
  ADMIN = 'ADMIN',
}
