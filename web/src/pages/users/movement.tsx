import { Badge, Text } from '@mantine/core';

/** How far an item moved against the list before. */
export function Movement({ places }: { readonly places: number | null | undefined }) {
  if (places === undefined || places === 0) return <span />;
  if (places === null) {
    return (
      <Badge size="sm" variant="light" color="teal" tt="none">
        new here
      </Badge>
    );
  }
  const isUp = places > 0;
  return (
    <Text
      size="xs"
      c="dimmed"
      className="numeric"
      aria-label={`${Math.abs(places)} places ${isUp ? 'up' : 'down'}`}
      role="img"
    >
      {isUp ? '↑' : '↓'} {Math.abs(places)}
    </Text>
  );
}
