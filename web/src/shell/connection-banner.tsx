import { onlineManager } from '@tanstack/react-query';
import { IconWifiOff } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import classes from './layout.module.css';

/** True while the browser believes to have a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
  );
}

/** Says that the device is offline, for as long as it is. */
export function ConnectionBanner() {
  const online = useOnline();
  return (
    <output>
      {!online && (
        <span className={classes.banner}>
          <IconWifiOff size={20} aria-hidden />
          You are offline. What you see may be out of date; places in line and tickets are kept.
        </span>
      )}
    </output>
  );
}
