import type { CSSProperties, ReactNode } from 'react';
import classes from './ticket-paper.module.css';

/**
 * The ticket: a card with a stub, torn along a perforation with two notches. The stub stands at the start or the end;
 * with `folds` it goes below on narrow screens. `stub` sizes are CSS lengths.
 */
export function TicketPaper(props: {
  stub: ReactNode;
  side: 'start' | 'end';
  stubWidth: string;
  /** Height of the stub when folded below; without it the ticket never folds. */
  folds?: string;
  tone?: 'plain' | 'vip' | 'void';
  className?: string | undefined;
  children: ReactNode;
}) {
  const sizes = { '--stub': props.stubWidth, '--fold': props.folds } as CSSProperties;
  return (
    <div className={classes.shadow} data-tone={props.tone ?? 'plain'}>
      <div
        className={[classes.paper, props.className].filter(Boolean).join(' ')}
        style={sizes}
        data-side={props.side}
        data-folds={props.folds !== undefined || undefined}
      >
        <div className={classes.body}>{props.children}</div>
        <div className={classes.stub}>{props.stub}</div>
      </div>
    </div>
  );
}
