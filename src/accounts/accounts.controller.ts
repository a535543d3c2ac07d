import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index';
import { comesFromElsewhere, Me, networkOf, Problem, Operation, type Identity } from '../platform/http/index';
import { RULES } from '../platform/limits/index';
import { Accounts, type SignedIn } from './accounts.service';
import { LoginDto, RegisterDto, SessionDto, UserDto } from './accounts.dto';
import { SessionCookies } from './session-cookies';

@Controller('api')
export class AccountsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly cookies: SessionCookies,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Open an account. Everybody begins as an attendee. */
  @Post('auth/register')
  @Operation('register', {
    tag: 'Accounts',
    for: 'everyone',
    problems: ['email-taken'],
    limits: [RULES.register],
  })
  register(@Body() body: RegisterDto): Promise<UserDto> {
    return this.accounts.register(body);
  }

  /** Sign in. The refresh token comes as an httpOnly cookie. */
  @Post('auth/login')
  @HttpCode(200)
  @Operation('login', {
    tag: 'Accounts',
    for: 'everyone',
    problems: ['wrong-credentials'],
    limits: [RULES.signIn],
  })
  async login(
    @Body() body: LoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    return this.signedIn(await this.accounts.login(body, networkOf(request)), reply);
  }

  /** Go on with a session: a new access token for the refresh cookie, which is exchanged for the next one. */
  @Post('auth/refresh')
  @HttpCode(200)
  @Operation('refresh', {
    tag: 'Accounts',
    for: 'everyone',
    problems: ['session-over', 'forbidden'],
    limits: [RULES.refresh],
  })
  async refresh(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    this.refuseOtherSites(request);
    return this.signedIn(await this.accounts.refresh(this.cookies.read(request)), reply);
  }

  /** Sign out on this device. */
  @Post('auth/logout')
  @HttpCode(204)
  @Operation('logout', { tag: 'Accounts', for: 'everyone', problems: ['forbidden'] })
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    this.refuseOtherSites(request);
    await this.accounts.logout(this.cookies.read(request));
    this.cookies.clear(reply);
  }

  /** Who am I? */
  @Get('me')
  @Operation('getMe', { tag: 'Accounts', for: 'signed-in' })
  me(@Me() me: Identity): Promise<UserDto> {
    return this.accounts.find(me.userId);
  }

  /** These two go by the cookie alone, which a browser would send along for a page of any site that gets around SameSite. */
  private refuseOtherSites(request: FastifyRequest): void {
    const { corsOrigins, appUrl } = this.config;
    if (comesFromElsewhere(request, [...corsOrigins, new URL(appUrl).origin]))
      throw new Problem('forbidden', 'Sessions are changed from pages of this site only.');
  }

  private signedIn({ session, refreshToken }: SignedIn, reply: FastifyReply): SessionDto {
    this.cookies.give(reply, refreshToken, session.user);
    void reply.header('Cache-Control', 'no-store');
    return session;
  }
}
