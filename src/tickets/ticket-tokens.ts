import { Inject, Injectable } from '@nestjs/common';
import { JwtService, TokenExpiredError } from '@nestjs/jwt';
import QRCode from 'qrcode';
import { CONFIG, type Config } from '../config/index';
import { readTicketId, type TicketPlace } from '../shared/standing-id';

const TYPE = 'ticket+jwt';
/** A token shown on a page lasts a day; the page shows a fresh one each time. */
const PAGE_SECONDS = 86_400;
const LONGEST = 1_024;

/** What a scanned token says: the ticket it stands for, or why it says nothing. */
export type TokenReading = { readonly ticket: TicketPlace } | { readonly fault: 'unknown' | 'expired' };

/**
 * The tokens in QR codes: signed, of a type and a key of their own, so that none can pass for a sign-in, and saying
 * nothing about a ticket but its id.
 */
@Injectable()
export class TicketTokens {
  private readonly jwt: JwtService;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.jwt = new JwtService({
      secretOrKeyProvider: () => config.keys.ticket,
      signOptions: { algorithm: 'HS256', header: { alg: 'HS256', typ: TYPE }, noTimestamp: true },
      verifyOptions: { algorithms: ['HS256'], complete: true },
    });
  }

  /** A token for one ticket, good for 24 hours. */
  sign(ticketId: string): string {
    return this.jwt.sign({}, { subject: ticketId, expiresIn: PAGE_SECONDS });
  }

  /** Reads a token, or the address that a QR code holds. A changed, foreign or malformed one is `unknown`. */
  read(scanned: string): TokenReading {
    const token = scanned.slice(scanned.lastIndexOf('/') + 1);
    if (token.length > LONGEST) return { fault: 'unknown' };
    try {
      const { header, payload } = this.jwt.verify<{ header: { typ?: string }; payload: { sub: string } }>(
        token,
      );
      const ticket = header.typ === TYPE ? readTicketId(payload.sub) : undefined;
      return ticket === undefined ? { fault: 'unknown' } : { ticket };
    } catch (error) {
      return { fault: error instanceof TokenExpiredError ? 'expired' : 'unknown' };
    }
  }

  /** The QR code of a ticket as an SVG: the address of its page, with a fresh token. */
  svg(ticketId: string): Promise<string> {
    const address = `${this.config.appUrl}/t/${this.sign(ticketId)}`;
    return QRCode.toString(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
  }
}
