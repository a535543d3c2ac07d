import { Alert, Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { login } from '../../api';
import { Problem } from '../../server/problem';
import { signedIn } from '../../server/session';
import { focusFirstFault } from '../../shell/focus-fault';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { nextPath } from '../../shell/sign-in-path';
import { useSession } from '../../shell/use-session';
import { AccountForm } from './account-form';

/** Sign in, then straight back to where the person came from. */
export function SignInPage() {
  usePageTitle('Sign in');
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const session = useSession();
  const next = nextPath(search);
  const form = useForm({
    initialValues: { email: search.get('email') ?? '', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? 'Enter your e-mail' : null),
      password: (value) => (value === '' ? 'Enter your password' : null),
    },
  });
  const attempt = useMutation({
    mutationFn: async (body: { email: string; password: string }) => (await login({ body })).data,
    onSuccess: async (answer) => {
      signedIn(answer);
      await navigate(next, { replace: true });
    },
    onError: () => form.setFieldValue('password', ''),
  });
  if (session.state === 'signed-in' && !attempt.isPending) return <Navigate to={next} replace />;

  const wrong = attempt.error instanceof Problem && attempt.error.status === 401;
  return (
    <AccountForm
      title="Sign in"
      lead={
        next.startsWith('/events/')
          ? 'Then you are back at the event, with your choice as you left it.'
          : undefined
      }
      onSubmit={form.onSubmit((values) => attempt.mutate(values), focusFirstFault(form))}
      foot={
        <>
          New here?{' '}
          <Anchor component={Link} to={`/sign-up?next=${encodeURIComponent(next)}`}>
            Create an account
          </Anchor>
        </>
      }
    >
      {wrong ? (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="That does not match" role="alert">
          E-mail or password is wrong. Check both and try again.
        </Alert>
      ) : (
        <ProblemNotice error={attempt.error} />
      )}
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        autoFocus
        {...form.getInputProps('email')}
      />
      <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
      <Button type="submit" loading={attempt.isPending}>
        Sign in
      </Button>
    </AccountForm>
  );
}
