import { Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index';
import { Verify } from '../ledger/index';
import { Operation, Problem } from '../platform/http/index';
import { VerificationDto } from './verification.dto';

@Controller('api/verification')
export class VerificationController {
  private running = false;

  constructor(
    private readonly books: Verify,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Prove that nothing was lost, sold twice or settled out of turn. The same checks as `tixline verify`, in one snapshot
   * of the database: a sale may go on meanwhile, and nothing is changed. What is broken is in the answer, with `ok`
   * false. It reads everything, so a large database takes its time, and each process runs one at a time.
   */
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Operation('verify', {
    tag: 'Operations',
    for: 'admin',
    problems: ['verification-running', 'unavailable'],
  })
  async verify(): Promise<VerificationDto> {
    if (this.running)
      throw new Problem(
        'verification-running',
        'This process is verifying the books already. Ask again when that has answered.',
      );
    this.running = true;
    try {
      // A process that settles writes the file too: with it gone, that is a fault. One that only answers may have none.
      return await this.books.run({ fileMayBeElsewhere: this.config.role === 'api' });
    } finally {
      this.running = false;
    }
  }
}
