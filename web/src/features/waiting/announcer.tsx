import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 15_000;

/** The one live region of the waiting page: reads `words` out at most every 15 seconds, and at once when `stage` changes. */
export function Announcer({ stage, words }: { stage: string; words: string }) {
  const [said, setSaid] = useState('');
  const last = useRef({ stage: '', at: 0 });
  useEffect(() => {
    const say = () => {
      last.current = { stage, at: Date.now() };
      setSaid(words);
    };
    const wait = last.current.stage === stage ? last.current.at + PAUSE_MS - Date.now() : 0;
    const timer = setTimeout(say, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [stage, words]);
  return (
    <output aria-live="polite" className="unseen">
      {said}
    </output>
  );
}
