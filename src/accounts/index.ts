export { AccountsModule } from './accounts.module.js';
export { Accounts } from './accounts.service.js';
export { BoardPass } from './board-pass.js';
export { Passwords } from './passwords.js';
export { User } from './user.entity.js';
