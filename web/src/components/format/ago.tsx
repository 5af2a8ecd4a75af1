import { formatAgo, formatDateTime } from './format';

interface AgoProps {
  readonly at: string;
  readonly className?: string;
}

/** The time that has passed or will pass; the exact time on hovering. */
export function Ago({ at, className }: AgoProps) {
  return (
    <time dateTime={at} title={formatDateTime(at)} className={className}>
      {formatAgo(at)}
    </time>
  );
}
