import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun, type Icon } from '@tabler/icons-react';

const CHOICES: readonly [MantineColorScheme, string, Icon][] = [
  ['auto', 'As the device', IconDeviceDesktop],
  ['light', 'Light', IconSun],
  ['dark', 'Dark', IconMoon],
];

/** The choice between light and dark, as entries of a menu. */
export function ColorSchemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>Colours</Menu.Label>
      {CHOICES.map(([scheme, label, Picture]) => (
        <Menu.Item
          key={scheme}
          mih={44}
          role="menuitemradio"
          aria-checked={colorScheme === scheme}
          closeMenuOnClick={false}
          leftSection={<Picture size={18} aria-hidden />}
          rightSection={colorScheme === scheme ? <IconCheck size={18} aria-hidden /> : undefined}
          onClick={() => setColorScheme(scheme)}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  );
}
