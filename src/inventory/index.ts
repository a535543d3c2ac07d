export { InventoryModule } from './inventory.module.js';
export { countStock, returnStock, takeStock } from './stock.js';
export { STOCK } from './stock.sql.js';
