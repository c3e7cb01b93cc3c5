/** A page with an error message and advice. */
import { addressOf } from "../lib/address.ts";
interface Props {
  code: string;
  title: string;
  message: string;
  advice: string;
}

/** Used for 404 and 500. */
export function MessagePage({ code, title, message, advice }: Props) {
  return (
    <section class="message">
      <span class="code">{code}</span>
      <h1>{title}</h1>
      <pre>{message}</pre>
      <p class="muted">{advice}</p>
      <a class="button" href={addressOf("/")}>All runs</a>
    </section>
  );
}
