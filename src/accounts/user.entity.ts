import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Role } from '../platform/http/index';

@Entity('users')
export class User {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id: number;

  @Column('text')
  name: string;

  @Column('text')
  email: string;

  /** The e-mail in the form in which two spellings are equal. */
  @Column('text', { name: 'email_key', unique: true })
  emailKey: string;

  @Column('text', { name: 'password_hash', select: false })
  passwordHash: string;

  @Column('text', { default: 'attendee' })
  role: Role;

  @Column('boolean', { default: true })
  active: boolean;
}
