import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
import type { Tier } from '../shared/tier';

export type EventState = 'draft' | 'open' | 'closed' | 'completed' | 'cancelled';
export type EventMode = 'sale' | 'allocation' | 'guest_list' | 'registration';
export type DoorRule = 'one_step' | 'two_step';

@Entity('events')
export class Event {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id: number;

  /** EV01, EV02 …: made by the database from the id. */
  @Column({ type: 'text', insert: false, update: false })
  code: string;

  @Column('text')
  name: string;

  @Column('text', { default: '' })
  description: string;

  /** For the organiser alone: never in a public answer. */
  @Column('text', { name: 'private_notes', default: '' })
  privateNotes: string;

  @Column('text', { nullable: true })
  venue: string | null;

  @Column('int', { name: 'organizer_id' })
  organizerId: number;

  @Column('text', { default: 'sale' })
  mode: EventMode;

  @Column('text', { default: 'draft' })
  state: EventState;

  @Column('timestamptz', { name: 'starts_at' })
  startsAt: Date;

  @Column('timestamptz', { name: 'ends_at', nullable: true })
  endsAt: Date | null;

  @Column('text', { name: 'time_zone', default: 'UTC' })
  timeZone: string;

  @Column('timestamptz', { name: 'sale_opens_at', nullable: true })
  saleOpensAt: Date | null;

  @Column('timestamptz', { name: 'sale_closes_at', nullable: true })
  saleClosesAt: Date | null;

  @Column('int', { name: 'max_per_buyer', default: 4 })
  maxPerBuyer: number;

  @Column('text', { default: 'one_step' })
  door: DoorRule;

  @Column('int', { name: 'entry_code_length', default: 3 })
  entryCodeLength: number;

  /** Key of the permutation that makes this event's entry codes. */
  @Column('bytea', { name: 'entry_code_key', select: false })
  entryCodeKey: Buffer;

  /** Goes up with each change: the ETag of the event. */
  @Column('int', { default: 1 })
  version: number;

  @OneToMany(() => TicketType, (type) => type.event)
  ticketTypes: TicketType[];
}

@Entity('ticket_types')
export class TicketType {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id: number;

  @Column('int', { name: 'event_id' })
  eventId: number;

  @ManyToOne(() => Event, (event) => event.ticketTypes)
  @JoinColumn({ name: 'event_id' })
  event: Event;

  @Column('text')
  name: string;

  @Column('smallint')
  tier: Tier;

  @Column('int')
  capacity: number;

  /** Changed by conditional updates alone: see src/inventory and src/settlement. */
  @Column({ type: 'int', update: false })
  remaining: number;

  @Column('int', { name: 'price_cents', default: 0 })
  priceCents: number;

  @Column('text', { default: 'EUR' })
  currency: string;
}
