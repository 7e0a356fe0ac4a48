import { Role } from '../access/role.js';

/** Accounts of the demo shop. Their passwords are public, so they exist outside of production only. */
export const DEMO_ACCOUNTS = [
  { title: 'Demo admin', email: 'admin@example.com', password: 'admin123', name: 'Ada Admin', roles: [Role.ADMIN] },
  {
    title: 'Demo customer',
    email: 'customer@example.com',
    password: 'customer123',
    name: 'Cleo Customer',
    roles: [Role.USER],
  },
] as const;
