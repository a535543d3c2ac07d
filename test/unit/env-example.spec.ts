import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { settings } from '../../src/config/settings';

const example = readFileSync(join(__dirname, '../../.env.example'), 'utf8');

describe('.env.example', () => {
  const listed = parseEnv(example);

  it('lists every setting, in the order of src/config/settings.ts', () => {
    const inOrder = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(inOrder).toEqual(Object.keys(settings.shape));
  });

  it('shows every default', () => {
    const defaults = Object.entries(settings.parse({})).map(([name, value]) => [name, String(value)]);
    const shown = Object.entries(listed).filter(([, value]) => value !== '');
    const optional = Object.keys(settings.shape).filter((name) => listed[name] === '');
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(defaults.filter(([, value]) => value !== '')),
    );
    for (const name of optional)
      expect(settings.parse({})[name as keyof typeof settings.shape] || undefined).toBeUndefined();
  });

  it('says what each is for', () => {
    for (const [name] of Object.entries(listed)) expect(example).toMatch(new RegExp(`^# .+\\n${name}=`, 'm'));
  });

  it('holds no secret', () => {
    expect(listed['JWT_SECRET']).toBe('');
  });
});
