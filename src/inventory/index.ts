export { InventoryModule } from './inventory.module';
export { countStock, returnStock, takeStock } from './stock';
export { STOCK } from './stock.sql';
