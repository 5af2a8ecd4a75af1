import { Button, Menu } from '@mantine/core';

import { Icon } from '../components/icon/icon';
import { askForKey, keyStore } from './key-store';
import { useViewer } from './use-viewer';

const ROLES = { ADMIN: 'Admin', WRITER: 'Writer', READER: 'Reader' };

/** Shows what the key allows; gives one, or forgets it. */
export function KeyButton() {
  const { hasKey, role } = useViewer();
  if (!hasKey) {
    return (
      <Button
        variant="default"
        leftSection={<Icon name="key" size={16} />}
        justify="flex-start"
        onClick={() => askForKey()}
      >
        Use an API key
      </Button>
    );
  }
  return (
    <Menu position="top-start" width={206}>
      <Menu.Target>
        <Button variant="light" leftSection={<Icon name="key" size={16} />} justify="flex-start">
          {role === null ? 'Key' : `${ROLES[role]} key`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<Icon name="key" size={16} />}
          onClick={() => askForKey('Type the key to use instead.')}
        >
          Use another key
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="close" size={16} />} onClick={() => keyStore.set(null)}>
          Forget this key
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
