import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { LARGEST_PAGE, PAGE } from './cursor';

/** How lists are paged. */
export class PageDto {
  /** Rows on a page. @example 20 */
  @IsOptional()
  @Type(() => Number)
  @Min(1)
  @Max(LARGEST_PAGE)
  @IsInt()
  limit?: number = PAGE;

  /** `next_cursor` of the page before. */
  @IsOptional()
  @MaxLength(500)
  @IsString()
  cursor?: string;
}
