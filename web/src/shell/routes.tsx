import { createBrowserRouter, redirect } from 'react-router';
import { ErrorPage } from './error-page';
import { Layout } from './layout';
import { NotFoundPage } from './not-found-page';
import { RequireRole } from './require-role';
import { ServedPage } from './served-page';

const EVERYBODY = ['attendee', 'staff', 'organizer', 'admin'] as const;

/** What people type who guess an address. */
const OTHER_NAMES = [
  ['login', '/sign-in'],
  ['register', '/sign-up'],
  ['orders', '/tickets'],
] as const;

/** Which page stands where. Pages are loaded when they are first needed, the events at once. */
export const router = createBrowserRouter([
  {
    element: <Layout />,
    errorElement: <ErrorPage />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          {
            index: true,
            lazy: async () => ({ Component: (await import('../features/events/events-page')).EventsPage }),
          },
          {
            path: 'events/:eventId',
            lazy: async () => ({ Component: (await import('../features/events/event-page')).EventPage }),
          },
          {
            path: 'sign-in',
            lazy: async () => ({ Component: (await import('../features/account/sign-in-page')).SignInPage }),
          },
          {
            path: 'sign-up',
            lazy: async () => ({ Component: (await import('../features/account/sign-up-page')).SignUpPage }),
          },
          {
            path: 't/:token',
            lazy: async () => ({
              Component: (await import('../features/door/ticket-link-page')).TicketLinkPage,
            }),
          },
          {
            element: <RequireRole roles={EVERYBODY} />,
            children: [
              {
                path: 'requests/:requestId',
                lazy: async () => ({
                  Component: (await import('../features/waiting/waiting-page')).WaitingPage,
                }),
              },
              {
                path: 'account',
                lazy: async () => ({
                  Component: (await import('../features/account/your-data-page')).YourDataPage,
                }),
              },
              {
                path: 'tickets',
                lazy: async () => ({
                  Component: (await import('../features/tickets/tickets-page')).TicketsPage,
                }),
              },
            ],
          },
          {
            path: 'manage',
            element: <RequireRole roles={['organizer', 'admin']} />,
            children: [
              {
                index: true,
                lazy: async () => ({
                  Component: (await import('../features/organise/manage-page')).ManagePage,
                }),
              },
              {
                path: 'events/new',
                lazy: async () => ({
                  Component: (await import('../features/organise/new-event-page')).NewEventPage,
                }),
              },
              {
                path: 'events/:eventId',
                lazy: async () => ({
                  Component: (await import('../features/organise/manage-event-page')).ManageEventPage,
                }),
              },
            ],
          },
          {
            path: 'door',
            element: <RequireRole roles={['staff', 'admin']} />,
            children: [
              {
                index: true,
                lazy: async () => ({ Component: (await import('../features/door/door-page')).DoorPage }),
              },
            ],
          },
          {
            // Reached after signing in for it: who may not see it is told so here, or the server would send them back.
            path: 'admin',
            element: <RequireRole roles={['admin']} />,
            children: [{ path: '*', element: <ServedPage /> }],
          },
          ...OTHER_NAMES.map(([path, to]) => ({ path, loader: () => redirect(to) })),
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]);
