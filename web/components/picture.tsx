/// <reference lib="dom" />
/** A picture from a run folder, or a text if it no longer exists. */
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  url: string;
  /** "" if the text beside it says the same. */
  alt: string;
  class?: string;
  /** Text to show if the file no longer exists. */
  gone: string;
  /** Whether loading may wait until it is near the screen. */
  lazy?: boolean;
  /** px a side, if the style sheet gives none. */
  size?: number;
}

/** An image that notices a failed load, even one from before hydration. */
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
