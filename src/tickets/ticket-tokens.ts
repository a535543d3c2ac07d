import { Inject, Injectable } from '@nestjs/common';
import QRCode from 'qrcode';
import { CONFIG, type Config } from '../config/index';
import { SignedTokens } from '../platform/http/index';
import { readTicketId, type TicketPlace } from '../shared/standing-id';

/** A token shown on a page lasts a day; the page shows a fresh one each time. */
const PAGE_SECONDS = 86_400;

/** What a scanned token says: the ticket it stands for, or why it says nothing. */
export type TokenReading = { readonly ticket: TicketPlace } | { readonly fault: 'unknown' | 'expired' };

/**
 * The tokens in QR codes: signed, of a type and a key of their own, so that none can pass for a sign-in, and saying
 * nothing about a ticket but its id.
 */
@Injectable()
export class TicketTokens {
  private readonly tokens: SignedTokens;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.tokens = new SignedTokens(config.keys.ticket, { type: 'ticket+jwt', issuedAt: false });
  }

  /** A token for one ticket, good for 24 hours. */
  sign(ticketId: string): string {
    return this.tokens.sign({}, { subject: ticketId, expiresIn: PAGE_SECONDS });
  }

  /** Reads a token, or the address that a QR code holds. A changed, foreign or malformed one is `unknown`. */
  read(scanned: string): TokenReading {
    const claims = this.tokens.read(scanned.slice(scanned.lastIndexOf('/') + 1));
    if (claims === 'expired') return { fault: 'expired' };
    const ticket = claims && readTicketId(claims.sub);
    return ticket === undefined ? { fault: 'unknown' } : { ticket };
  }

  /** The QR code of a ticket as an SVG: the address of its page, with a fresh token. */
  svg(ticketId: string): Promise<string> {
    const address = `${this.config.appUrl}/t/${this.sign(ticketId)}`;
    return QRCode.toString(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
  }
}
