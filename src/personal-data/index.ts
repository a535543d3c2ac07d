export { ERASURE } from './erasure.sql';
export { ErasureKeeper } from './erasure-keeper';
export { PersonalDataModule } from './personal-data.module';
