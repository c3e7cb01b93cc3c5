/// <reference lib="dom" />
/** A picture of a run folder, or words where it is gone. */
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  url: string;
  /** "" where words beside it say the same. */
  alt: string;
  class?: string;
  /** Stands in its place when the file is gone. */
  gone: string;
  /** Whether it may wait until it is near the screen. */
  lazy?: boolean;
  /** px a side, where the style sheet gives none. */
  size?: number;
}

/** An image that tells when it can't be had, even if that was found before the page woke. */
export function Picture({ url, alt, class: name, gone, lazy = false, size }: Props) {
  const image = useRef<HTMLImageElement>(null);
  const [lost, setLost] = useState<string | null>(null);
  useEffect(() => {
    const { current } = image;
    if (current?.complete && current.naturalWidth === 0) setLost(url);
  }, [url]);
  if (lost === url) return <span class="cell missing">{gone}</span>;
  return (
    <img
      ref={image}
      class={name}
      src={url}
      alt={alt}
      loading={lazy ? "lazy" : undefined}
      width={size}
      height={size}
      onError={() => setLost(url)}
    />
  );
}
