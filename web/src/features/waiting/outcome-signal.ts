import { note, noted } from '../../server/browser-store';
import { useEffect, useRef, useSyncExternalStore } from 'react';

const SOUND = 'tixline.sound';
const listeners = new Set<() => void>();
let audio: AudioContext | undefined;

/** Whether the outcome shall be heard; kept for the next time. */
export function useSoundWanted(): [wanted: boolean, set: (wanted: boolean) => void] {
  const wanted = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => noted(SOUND) !== 'off',
  );
  return [
    wanted,
    (next) => {
      note(SOUND, next ? 'on' : 'off');
      for (const listener of listeners) listener();
    },
  ];
}

/** Browsers play sound only after a touch or a key: the first one on the page makes it ready. */
export function useSoundReady(): void {
  useEffect(() => {
    const ready = () => {
      audio ??= new AudioContext();
      void audio.resume();
    };
    const once = { once: true } as const;
    window.addEventListener('pointerdown', ready, once);
    window.addEventListener('keydown', ready, once);
    return () => {
      window.removeEventListener('pointerdown', ready);
      window.removeEventListener('keydown', ready);
    };
  }, []);
}

function play(tones: readonly number[]): void {
  if (audio === undefined || noted(SOUND) === 'off') return;
  tones.forEach((hertz, index) => {
    const at = audio!.currentTime + index * 0.16;
    const tone = new OscillatorNode(audio!, { frequency: hertz, type: 'sine' });
    const volume = new GainNode(audio!, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
    tone.connect(volume).connect(audio!.destination);
    tone.start(at);
    tone.stop(at + 0.32);
  });
}

/** Whether this browser can show notifications at all, and what the person has decided. */
export const notificationState = (): NotificationPermission | 'unsupported' =>
  'Notification' in window ? Notification.permission : 'unsupported';

/**
 * Tells the person once that the outcome is there, by sound and, while the page is out of sight, by notification.
 * Says nothing when the page is opened after the fact.
 */
export function useOutcomeSignal(status: string | undefined, title: string, body: string): void {
  const before = useRef(status);
  useEffect(() => {
    const was = before.current;
    before.current = status;
    if (was !== 'queued' || (status !== 'granted' && status !== 'refused')) return;
    play(status === 'granted' ? [523, 659, 784] : [330, 262]);
    if (!document.hidden || notificationState() !== 'granted') return;
    try {
      const shown = new Notification(title, { body, tag: 'tixline-outcome' });
      shown.addEventListener('click', () => window.focus());
    } catch {
      // Android has notifications only from a service worker: title and sound have to do.
    }
  }, [status, title, body]);
}
