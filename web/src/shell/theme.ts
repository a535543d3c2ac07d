import {
  ActionIcon,
  Alert,
  Anchor,
  Button,
  createTheme,
  Input,
  NumberInput,
  PasswordInput,
  Select,
  Textarea,
  TextInput,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** Warm paper: every light surface, border and quiet word. */
const paper: MantineColorsTuple = [
  '#fbfaf7',
  '#f5f2ec',
  '#ebe7de',
  '#dcd6ca',
  '#c5bdae',
  '#8b8375',
  '#655e52',
  '#4b453c',
  '#332f29',
  '#1e1b17',
];

/** Deep ink: every dark surface, and the words on paper. */
const ink: MantineColorsTuple = [
  '#eceaf4',
  '#cfccdf',
  '#aaa7c2',
  '#8380a0',
  '#4a486a',
  '#2d2b4a',
  '#1f1d38',
  '#13122a',
  '#0d0c1e',
  '#070614',
];

/** The one colour of actions. */
const indigo: MantineColorsTuple = [
  '#eef0ff',
  '#dfe2ff',
  '#c3c8ff',
  '#a3a8fd',
  '#8585f8',
  '#6a66f1',
  '#4f46e5',
  '#4338ca',
  '#3730a3',
  '#2b2680',
];

/** VIP, and nothing else but a warning. */
const amber: MantineColorsTuple = [
  '#fff8e6',
  '#ffedc2',
  '#ffdd8a',
  '#fdc94f',
  '#f7b52b',
  '#e09b12',
  '#b87807',
  '#8f5a06',
  '#6e4408',
  '#4f3008',
];

const green: MantineColorsTuple = [
  '#e8f8ef',
  '#cdefdc',
  '#9fdfba',
  '#6ccb94',
  '#43b575',
  '#259a5c',
  '#15804a',
  '#0f683c',
  '#0c5231',
  '#083b23',
];

const red: MantineColorsTuple = [
  '#fff0ef',
  '#ffdcd9',
  '#ffb6b1',
  '#fa8b84',
  '#f06259',
  '#dd3f37',
  '#c02a24',
  '#9f1f1b',
  '#801a17',
  '#5e1311',
];

const field = { size: 'md' } as const;

/** Ink and paper, one indigo, amber for VIP; green, red and amber for outcomes only. */
export const theme = createTheme({
  colors: { gray: paper, dark: ink, indigo, amber, green, red },
  primaryColor: 'indigo',
  primaryShade: 6,
  black: '#16142e',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    fontWeight: '680',
    sizes: { h1: { fontSize: '2rem', lineHeight: '1.15' }, h2: { fontSize: '1.375rem', lineHeight: '1.25' } },
  },
  defaultRadius: 'md',
  radius: { md: '10px', lg: '16px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Most notes are part of their page and not news; what is news says role="alert" itself.
    Alert: Alert.extend({ defaultProps: { role: 'note' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    Button: Button.extend({ defaultProps: { size: 'md' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 44, variant: 'subtle', color: 'gray' } }),
    // Room for the focus ring between words and field.
    InputWrapper: Input.Wrapper.extend({
      styles: { label: { marginBottom: 4 }, description: { marginBottom: 6 } },
    }),
    // What was typed is kept and refused in words: a number put right in silence would be saved by the same click.
    NumberInput: NumberInput.extend({
      defaultProps: { ...field, hideControls: true, inputMode: 'numeric', clampBehavior: 'none' },
    }),
    PasswordInput: PasswordInput.extend({
      defaultProps: {
        ...field,
        // Mantine leaves it out of the keyboard's way, and with it everybody who has no mouse.
        visibilityToggleButtonProps: { 'aria-label': 'Show the password', tabIndex: 0 },
      },
    }),
    Select: Select.extend({ defaultProps: field }),
    Textarea: Textarea.extend({ defaultProps: field }),
    TextInput: TextInput.extend({ defaultProps: field }),
  },
});

/** Soft fills for the dark scheme: a breath of the colour on ink, with its light tone for the words. */
function softer(tuples: Record<string, MantineColorsTuple>): Record<string, string> {
  const entries = Object.entries(tuples).flatMap(([name, tuple]) => [
    [`--mantine-color-${name}-light`, `color-mix(in srgb, ${tuple[5]} 20%, ${ink[6]})`],
    [`--mantine-color-${name}-light-hover`, `color-mix(in srgb, ${tuple[5]} 28%, ${ink[6]})`],
    [`--mantine-color-${name}-light-color`, tuple[1]],
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Surfaces that Mantine has no name for; used by the style sheets as `--tix-…`. */
export const surfaces: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfaf7',
    '--mantine-color-dimmed': paper[6],
    '--tix-page': '#f5f2ec',
    '--tix-card': '#ffffff',
    '--tix-line': '#dcd6ca',
    '--tix-vip': amber[7],
    '--tix-vip-soft': amber[1],
    '--tix-good': green[7],
    '--tix-bad': red[7],
    '--tix-warn': amber[7],
    '--mantine-color-gray-light': paper[2],
    '--mantine-color-error': red[7],
  },
  dark: {
    '--mantine-color-body': ink[7],
    '--mantine-color-dimmed': ink[2],
    '--tix-page': '#0f0e22',
    '--tix-card': ink[6],
    '--mantine-color-anchor': indigo[3],
    '--mantine-color-error': red[3],
    '--mantine-color-disabled': '#2d2b49',
    '--mantine-color-disabled-color': ink[2],
    '--mantine-color-placeholder': ink[2],
    '--tix-line': '#3a3858',
    '--tix-vip': amber[3],
    '--tix-vip-soft': '#4a3510',
    '--tix-good': green[3],
    '--tix-bad': red[3],
    '--tix-warn': amber[3],
    ...softer({ gray: paper, indigo, amber, green, red }),
  },
});
