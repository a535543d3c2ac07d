import { Controller, Header, HttpCode, Post } from '@nestjs/common';
import { Verify } from '../ledger/index';
import { Operation, Problem } from '../platform/http/index';
import { VerificationDto } from './verification.dto';

@Controller('api/verification')
export class VerificationController {
  private running = false;

  constructor(private readonly books: Verify) {}

  /**
   * Prove that nothing was lost, sold twice or settled out of turn. The same checks as `tixline verify`, in one snapshot
   * of the database: a sale may go on meanwhile, and nothing is changed. What is broken is in the answer, with `ok`
   * false. It reads everything, so a large database takes its time, and each process runs one at a time.
   */
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Operation('verify', { tag: 'Operations', for: 'admin', problems: ['verification-running'] })
  async verify(): Promise<VerificationDto> {
    if (this.running)
      throw new Problem(
        'verification-running',
        'This process is verifying the books already. Ask again when that has answered.',
      );
    this.running = true;
    try {
      return await this.books.run();
    } finally {
      this.running = false;
    }
  }
}
