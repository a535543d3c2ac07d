import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { login, register } from '../../api';
import { faultsByField, Problem } from '../../server/problem';
import { signedIn } from '../../server/session';
import { focusFirstFault } from '../../shell/focus-fault';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { nextPath } from '../../shell/sign-in-path';
import { useSession } from '../../shell/use-session';
import { AccountForm } from './account-form';

const LEAST_PASSWORD = 8;

/** Makes an account and signs its owner in. */
export function SignUpPage() {
  usePageTitle('Create an account');
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const session = useSession();
  const next = nextPath(search);
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validateInputOnBlur: true,
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter your name as the door should read it' : null),
      email: (value) =>
        /^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'Enter an e-mail such as ada@example.org',
      password: (value) =>
        value.length < LEAST_PASSWORD ? `Use ${LEAST_PASSWORD} characters or more` : null,
    },
  });
  const attempt = useMutation({
    mutationFn: async (values: { name: string; email: string; password: string }) => {
      const body = { name: values.name.trim(), email: values.email.trim(), password: values.password };
      await register({ body });
      return (await login({ body: { email: body.email, password: body.password } })).data;
    },
    onSuccess: async (answer) => {
      signedIn(answer);
      await navigate(next, { replace: true });
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  if (session.state === 'signed-in' && !attempt.isPending) return <Navigate to={next} replace />;

  const taken = attempt.error instanceof Problem && attempt.error.status === 409;
  const back = `next=${encodeURIComponent(next)}`;
  const signInInstead = `/sign-in?${back}&email=${encodeURIComponent(form.values.email)}`;
  return (
    <AccountForm
      title="Create an account"
      lead="So that your place and your tickets follow you from phone to desktop."
      onSubmit={form.onSubmit((values) => attempt.mutate(values), focusFirstFault(form))}
      foot={
        <>
          Have an account?{' '}
          <Anchor component={Link} to={`/sign-in?${back}`}>
            Sign in
          </Anchor>
        </>
      }
    >
      {!taken && <ProblemNotice error={attempt.error} />}
      <TextInput label="Name" autoComplete="name" {...form.getInputProps('name')} />
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="email"
        {...form.getInputProps('email')}
        error={taken ? <Taken to={signInInstead} /> : form.errors.email}
      />
      <PasswordInput
        label="Password"
        description={`${LEAST_PASSWORD} characters or more. A few words in a row are good and easy to keep in mind.`}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <Button type="submit" loading={attempt.isPending}>
        Create account
      </Button>
    </AccountForm>
  );
}

function Taken({ to }: { to: string }) {
  return (
    <>
      This e-mail has an account already.{' '}
      <Anchor component={Link} to={to} size="sm">
        Sign in with it
      </Anchor>
    </>
  );
}
