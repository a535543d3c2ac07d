/** Why a request that was taken in got no tickets: an outcome and not an error. The same words as the type in the database. */
export type RefusalReason = 'sold_out' | 'limit_reached' | 'sale_closed' | 'event_cancelled';
