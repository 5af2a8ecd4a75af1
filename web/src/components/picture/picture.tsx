import { useState } from 'react';

interface PictureProps {
  readonly url: string | null | undefined;
  /** Pixels, of each side. */
  readonly size: number;
}

/** An item's picture. Where the server's policy does not admit its host, or there is none at the address, nothing stands. */
export function Picture({ url, size }: PictureProps) {
  const [failed, setFailed] = useState<string | null>(null);
  if (!url || url === failed) return null;
  return (
    <img
      src={url}
      alt=""
      width={size}
      height={size}
      loading="lazy"
      referrerPolicy="no-referrer"
      style={{ objectFit: 'contain', flexShrink: 0 }}
      onError={() => setFailed(url)}
    />
  );
}
