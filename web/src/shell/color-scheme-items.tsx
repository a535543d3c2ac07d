import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';

const CHOICES: readonly [MantineColorScheme, string][] = [
  ['auto', 'As the device'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** The choice between light and dark, as entries of a menu. */
export function ColorSchemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
      <Menu.Label>Colours</Menu.Label>
      {CHOICES.map(([scheme, label]) => (
        <Menu.RadioItem key={scheme} value={scheme} mih={44}>
          {label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
