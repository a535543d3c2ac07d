import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, IsString, Length, Matches, MaxLength, MinLength } from 'class-validator';
import type { Role } from '../platform/http/index';

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NO_CONTROL = /^[^\u0000-\u001f\u007f]*$/;
/** Both rules of a name in one, for the API reference, which knows one pattern of each field. */
const NAME = '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$';

export class RegisterDto {
  /** @example Ada Lovelace */
  @ApiProperty({ pattern: NAME })
  @Length(1, 100)
  @Matches(/\S/, { message: 'name must not be blank' })
  @Matches(NO_CONTROL, { message: 'name must not hold control characters' })
  @IsString()
  name: string;

  /** @example ada@example.org */
  @IsEmail({}, { message: 'email must be an e-mail address' })
  @MaxLength(200)
  email: string;

  /** 8 to 128 characters. @example correct horse battery */
  @MinLength(8)
  @MaxLength(128)
  @IsString()
  password: string;
}

export class LoginDto {
  /** @example demo@local.test */
  @MaxLength(200)
  @IsString()
  email: string;

  /** @example Passw0rd! */
  @MaxLength(128)
  @IsString()
  password: string;
}

export class UserDto {
  /** @example 1 */
  id: number;
  /** @example Demo User */
  name: string;
  /** @example demo@local.test */
  email: string;
  /** @example attendee */
  role: Role;
}

export class SessionDto {
  /** Send it as `Authorization: Bearer …`. */
  access_token: string;
  /** @example bearer */
  token_type: 'bearer';
  /** Seconds until the token ends; refresh before that. @example 900 */
  expires_in: number;
  user: UserDto;
}
