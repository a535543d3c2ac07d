import { Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import { useLocation } from 'react-router';

/** Stands where the server draws a page of its own (Bull Board): leaves this client for it. */
export function ServedPage() {
  const { pathname, search } = useLocation();
  useEffect(() => window.location.replace(pathname + search), [pathname, search]);
  return <Skeleton height={160} aria-busy="true" aria-label="Opening the page" />;
}
