import { Button, Group, List, PasswordInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { eraseMe } from '../../api';
import { faultsByField } from '../../server/problem';
import { signedOut } from '../../server/session';
import { Dialog } from '../../shell/dialog';
import { focusFirstFault } from '../../shell/focus-fault';
import { ProblemNotice } from '../../shell/problem-notice';
import { useSession } from '../../shell/use-session';

/** Deletes the account, after saying exactly what goes with it and asking for the password. */
export function DeleteAccount() {
  const [asking, { open, close }] = useDisclosure(false);
  const navigate = useNavigate();
  const session = useSession();
  const role = session.state === 'signed-in' ? session.person.role : undefined;
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value === '' ? 'Enter your password' : null) },
  });
  const erase = useMutation({
    mutationFn: (body: { password: string }) => eraseMe({ body }),
    onSuccess: async () => {
      signedOut();
      await navigate('/');
      notifications.show({ message: 'Your account is deleted.', autoClose: 12_000 });
    },
    onError: (error) => {
      const faults = faultsByField(error);
      form.setValues({ password: '' });
      form.setErrors(faults);
      focusFirstFault(form)(faults);
    },
  });
  const leave = () => {
    close();
    form.reset();
    erase.reset();
  };
  return (
    <>
      <Button variant="outline" color="red" onClick={open}>
        Delete my account
      </Button>
      <Dialog opened={asking} onClose={leave} title="Delete your account?">
        <form onSubmit={form.onSubmit((values) => erase.mutate(values), focusFirstFault(form))} noValidate>
          <List spacing={6} mb="md">
            <List.Item>Your name, e-mail and password are erased. You are signed out everywhere.</List.Item>
            <List.Item>You leave every line you wait in.</List.Item>
            <List.Item>
              Your tickets for events that have not begun are cancelled, and the seats go to others.
            </List.Item>
            {(role === 'organizer' || role === 'admin') && (
              <List.Item>Events that you organise stay, with the administrators.</List.Item>
            )}
            <List.Item>What was sold stays in the books under a number, without your name.</List.Item>
          </List>
          <Text mb="md">
            This cannot be undone. With the same e-mail you may register again, as somebody new.
          </Text>
          {form.errors.password === undefined && <ProblemNotice error={erase.error} />}
          <PasswordInput
            label="Your password"
            description="So that nobody else can do this"
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps('password')}
          />
          <Group justify="end" mt="lg">
            <Button variant="default" onClick={leave}>
              Keep my account
            </Button>
            <Button type="submit" color="red" loading={erase.isPending}>
              Delete my account
            </Button>
          </Group>
        </form>
      </Dialog>
    </>
  );
}
